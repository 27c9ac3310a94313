/* The program's clock, shifted: loaded before the C library (LD_PRELOAD), it adds what two files say to the time.
 *
 * CLOCK_AHEAD names a file with {"ahead": SECONDS}: time that has passed while nobody ran. It is added to the time of
 * day and to the clock that goes on while a machine sleeps. CLOCK_WRONG names one of the same shape: by how much
 * somebody set the time of day wrong; it is added to that alone. A file that is not there adds nothing.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static double said(const char *name)
{
    char text[256] = "";
    const char *path = getenv(name), *found;
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return 0;
    if (read(file, text, sizeof text - 1) < 0)
        text[0] = 0;
    close(file);
    found = strstr(text, "\"ahead\":");
    return found ? strtod(found + 8, NULL) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    double by = 0, whole;
    int failed = (int)syscall(SYS_clock_gettime, clock, now);
    if (failed)
        return failed;
    if (clock == CLOCK_REALTIME || clock == CLOCK_BOOTTIME)
        by += said("CLOCK_AHEAD");
    if (clock == CLOCK_REALTIME)
        by += said("CLOCK_WRONG");
    now->tv_nsec += (long)(modf(by, &whole) * 1e9);
    now->tv_sec += (time_t)whole;
    if (now->tv_nsec >= 1000000000L)
        now->tv_sec++, now->tv_nsec -= 1000000000L;
    if (now->tv_nsec < 0)
        now->tv_sec--, now->tv_nsec += 1000000000L;
    return 0;
}

time_t time(time_t *out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out)
        *out = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec exact;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}
