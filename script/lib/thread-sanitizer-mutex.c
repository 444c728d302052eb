// Shows ThreadSanitizer what Synchronization.Mutex does; script/lib/check-sanitizers builds it for LD_PRELOAD.
//
// Where several threads want such a lock, the kernel hands it from one to the next (FUTEX_LOCK_PI). ThreadSanitizer does not
// see that and would report what the lock guards. The library calls these two functions in that case alone: they call the
// library's own, and say that the lock was released and acquired.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

static void report(const char *name, void *mutex) {
    void (*function)(void *) = (void (*)(void *))dlsym(RTLD_DEFAULT, name);
    if (function) function(mutex);
}

SWIFT void lock_slow(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void lock_slow(uint32_t thread, SELF) {
    typedef SWIFT void (*Original)(uint32_t, SELF);
    ((Original)dlsym(RTLD_NEXT, LOCK))(thread, self);
    report("__tsan_acquire", self);
}

SWIFT void unlock_slow(SELF) __asm__(UNLOCK);
SWIFT void unlock_slow(SELF) {
    typedef SWIFT void (*Original)(SELF);
    report("__tsan_release", self);
    ((Original)dlsym(RTLD_NEXT, UNLOCK))(self);
}
