"""The smallest study document that the recorded registry can hold."""

from __future__ import annotations

from monitor.model.json import Json


def study(number: str, title: str = "A Trial (of Something)", sponsor: str = "A University") -> dict[str, Json]:
    return {
        "protocolSection": {
            "identificationModule": {"nctId": number, "briefTitle": title},
            "statusModule": {"overallStatus": "RECRUITING"},
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": sponsor}},
        },
        "hasResults": False,
    }
