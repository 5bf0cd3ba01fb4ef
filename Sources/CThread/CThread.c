#define _GNU_SOURCE
#include "CThread.h"

void cthread_set_name(const char *name) {
    pthread_setname_np(pthread_self(), name);
}
