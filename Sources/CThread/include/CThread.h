#ifndef CTHREAD_H
#define CTHREAD_H

#include <pthread.h>

// Names the calling thread, so that `top -H` and crash traces tell which it is. `pthread_setname_np` is a GNU
// extension that Swift's import of Glibc does not show.
void cthread_set_name(const char *name);

// Bounds the arenas of glibc's allocator, of which each thread otherwise gets one that keeps what it once held. `mallopt` is
// not in Swift's import of Glibc.
void cthread_limit_arenas(int count);

#endif
