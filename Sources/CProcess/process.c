#define _GNU_SOURCE
#include "process.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int process_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int process_start(char *const arguments[], int output, int errors) {
  const pid_t parent = getpid();
  sigset_t all, before;
  sigfillset(&all);
  // No handler of ours may run in the child, and between fork and exec only what is safe there is called.
  sigprocmask(SIG_SETMASK, &all, &before);
  const pid_t child = fork();
  if (child != 0) {
    sigprocmask(SIG_SETMASK, &before, NULL);
    return child;
  }
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(127);
  for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
  const int nothing = open("/dev/null", O_RDONLY);
  if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0) _exit(127);
#ifdef SYS_close_range
  syscall(SYS_close_range, 3U, ~0U, 0U);
#endif
  sigemptyset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  execvp(arguments[0], arguments);
  _exit(127);
}
