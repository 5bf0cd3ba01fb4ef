#define _GNU_SOURCE
#include "CSpawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>

int cspawn_start(pid_t *pid, const char *program, char *const arguments[], char *const environment[],
                 char *const files[3]) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t signals;
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) return code;
    code = posix_spawnattr_init(&attributes);
    if (code != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return code;
    }

    code = posix_spawn_file_actions_addopen(&actions, 0, files[0], O_RDONLY, 0);
    for (int number = 1; code == 0 && number < 3; number++)
        code = posix_spawn_file_actions_addopen(&actions, number, files[number],
                                                O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
    if (code == 0) code = posix_spawn_file_actions_addclosefrom_np(&actions, 3);

    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

    if (code == 0) code = posix_spawn(pid, program, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}
