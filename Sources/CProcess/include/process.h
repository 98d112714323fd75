// Starting a program that ends with us, which Swift has no word for.
#ifndef PROCESS_H
#define PROCESS_H

/// Starts a program that is looked for on the PATH, with nothing to read, and two descriptors to write to.
///
/// The system sends it SIGTERM when the thread that called this ends, however it ends.
/// Returns its id, or -1 with `errno` set; a program that is not there ends with 127.
int process_start(char *const arguments[], int output, int errors);

/// Makes a pipe that no program inherits: `ends[0]` is read from. Returns 0, or -1 with `errno` set.
int process_pipe(int ends[2]);

#endif
