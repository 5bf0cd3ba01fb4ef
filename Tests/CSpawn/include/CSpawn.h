#ifndef CSPAWN_H
#define CSPAWN_H

#include <sys/types.h>

// Starts a program with these files as its standard input, output and error, and nothing else of this process: no other open file, no
// signal that is ignored or blocked. Returns 0 or an error number. In C, since `posix_spawn_file_actions_addclosefrom_np` is a GNU
// extension that Swift's import of Glibc does not show.
int cspawn_start(pid_t *pid, const char *program, char *const arguments[], char *const environment[],
                 char *const files[3]);

#endif
