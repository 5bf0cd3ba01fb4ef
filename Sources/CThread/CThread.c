#define _GNU_SOURCE
#include "CThread.h"

#include <malloc.h>

void cthread_set_name(const char *name) {
    pthread_setname_np(pthread_self(), name);
}

void cthread_limit_arenas(int count) {
    mallopt(M_ARENA_MAX, count);
}
