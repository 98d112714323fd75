// Runs a command and says what it cost: wall seconds, user and system seconds, peak KiB, exit code.
//
//   ./timed RESULT COMMAND [ARGUMENT…]
//
// A program of its own because it is small: a child's peak counts from the process it was started by.
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

int main(int count, char **words) {
  if (count < 3) return fprintf(stderr, "usage: timed RESULT COMMAND [ARGUMENT...]\n"), 2;
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  pid_t child = fork();
  if (child < 0) return perror("fork"), 2;
  if (child == 0) {
    execvp(words[2], words + 2);
    perror(words[2]);
    _exit(127);
  }
  int status = 0;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) < 0) return perror("wait4"), 2;
  clock_gettime(CLOCK_MONOTONIC, &end);
  FILE *result = fopen(words[1], "w");
  if (!result) return perror(words[1]), 2;
  double wall = (end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9;
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  fprintf(result, "%.4f %.4f %.4f %ld %d\n", wall, seconds(usage.ru_utime), seconds(usage.ru_stime),
          usage.ru_maxrss, code);
  return fclose(result) == 0 ? 0 : 2;
}
