"""One question and its whole answer, over the transport that the source is configured with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

from monitor.egress.agent import default_user_agent
from monitor.egress.connect import CheckedAddresses, Resolver
from monitor.egress.decoding import BodyAssembly
from monitor.egress.failures import CutShort
from monitor.egress.library import httpx
from monitor.egress.policy import HostPolicy, Limits, Network, TransportName, origin_of
from monitor.egress.transport import PoolTransport, direct_pool, proxy_pool
from monitor.egress.trust import tls_context
from monitor.errors import FetchFailed

_OK: Final = 200
_PROXY_LOGIN: Final = 407


class Exchanges:
    """Opens what it needs at the first question: a run that asks nothing reads no certificates."""

    def __init__(self, policies: Sequence[HostPolicy], network: Network, limits: Limits, resolve: Resolver) -> None:
        private = [origin_of(policy.base_url) for policy in policies if policy.allow_private_addresses]
        secure = any(policy.base_url.startswith("https:") for policy in policies)
        self._needs_tls = secure or (network.proxy or "").startswith("https:")
        self._addresses = CheckedAddresses(private, resolve)
        self._network = network
        self._limits = limits
        self._clients: dict[TransportName, httpx.AsyncClient] = {}

    async def ask(self, url: str, accept: str, policy: HostPolicy) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and decoded body. Raises FetchFailed or AddressRefused."""
        client = self._client(policy.transport)
        headers = {"user-agent": policy.user_agent or _default_agent(policy.transport), "accept": accept}
        try:
            answer = await client.send(client.build_request("GET", url, headers=headers), stream=True)
        except httpx.HTTPError as exc:
            raise FetchFailed(f"the request could not be made: {exc}") from exc
        except httpx.InvalidURL as exc:  # it looks at where an answer sends us, though nothing is followed
            raise FetchFailed(f"the answer sends us on to what is no address: {exc}") from exc
        try:
            body = await self._body_of(answer)
        finally:
            await answer.aclose()
        if answer.status_code == _PROXY_LOGIN:
            raise FetchFailed("the proxy wants a log-in: put user and password into network.proxy")
        return answer.status_code, dict(answer.headers.items()), body

    async def close(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    async def _body_of(self, answer: httpx.Response) -> bytes:
        coding = answer.headers.get("content-encoding", "")
        body = BodyAssembly(coding, self._limits)
        body.expect(answer.headers.get("content-length", ""))
        async for part in answer.aiter_raw():
            body.take(part)
        if answer.status_code == _OK and coding and body.empty:
            raise CutShort("the compressed body is empty")
        return body.finish()

    def _client(self, name: TransportName) -> httpx.AsyncClient:
        if name not in self._clients:
            limits = self._limits
            self._clients[name] = httpx.AsyncClient(
                transport=self._transport(name),
                headers={"accept-encoding": "gzip"},
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                timeout=httpx.Timeout(limits.read, connect=limits.connect),
                follow_redirects=False,
                trust_env=False,
            )
        return self._clients[name]

    def _transport(self, name: TransportName) -> httpx.AsyncBaseTransport:
        context = tls_context(self._network) if self._needs_tls else None
        proxy = self._network.proxy
        if name == "urllib3":
            from monitor.egress.over_urllib3 import Urllib3Transport  # one of two ways out, seldom used

            return Urllib3Transport(self._addresses, context, proxy, self._limits)
        if proxy:
            return PoolTransport(proxy_pool(proxy, context), through=" through the proxy")
        return PoolTransport(direct_pool(self._addresses, context))


def _default_agent(name: TransportName) -> str:
    if name == "httpx":
        return default_user_agent(name, httpx.__version__)
    from monitor.egress.over_urllib3 import VERSION  # as above

    return default_user_agent(name, VERSION)
