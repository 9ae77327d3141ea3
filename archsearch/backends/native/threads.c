/* A kernel on several shares of a batch at once, one thread for each share. The same for all cells.

   Threads are started when they are first needed. Between calls they stay awake for a moment, since the way back soon
   follows the way forward, and then sleep. */
#include "vector.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

typedef struct {
  const void *size;
  long first, last, chunk, keep;
  REAL *const *array;
  REAL *scratch;
  const void *product, *gradient;
} Share;
typedef void Kernel(const void *, long, long, long, long, REAL *const *, REAL *, const void *, const void *);

enum { MOST = 255, AWAKE = 2000 };

static struct {
  pthread_mutex_t turn; /* one call at a time */
  pthread_mutex_t lock; /* of what follows, where threads sleep */
  pthread_cond_t wake;
  long asleep, started;
  _Atomic long call;      /* number of the call, times MOST + 1, plus the threads that it needs besides the caller's */
  _Atomic long unfinished;
  Kernel *kernel;
  const Share *shares; /* of the threads; these three stay until `unfinished` is 0 */
} pool = {.turn = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static void run_one(Kernel *kernel, const Share *s) {
  kernel(s->size, s->first, s->last, s->chunk, s->keep, s->array, s->scratch, s->product, s->gradient);
}

INLINE void pause_briefly(void) {
#if defined __x86_64__ || defined __i386__
  __builtin_ia32_pause();
#elif defined __aarch64__
  __asm__ volatile("yield");
#endif
}

static long next_call(long seen) {
  for (long k = 0; k < AWAKE; k++) {
    const long call = atomic_load_explicit(&pool.call, memory_order_acquire);
    if (call != seen) return call;
    pause_briefly();
  }
  pthread_mutex_lock(&pool.lock);
  pool.asleep++;
  while (atomic_load(&pool.call) == seen) pthread_cond_wait(&pool.wake, &pool.lock);
  pool.asleep--;
  pthread_mutex_unlock(&pool.lock);
  return atomic_load(&pool.call);
}

static void *work(void *number) {
  const long mine = (long)number;
  for (long call = 0;;) {
    call = next_call(call);
    if (mine >= call % (MOST + 1)) continue;
    run_one(pool.kernel, &pool.shares[mine]);
    atomic_fetch_sub_explicit(&pool.unfinished, 1, memory_order_release);
  }
  return 0;
}

static void forget_threads(void) { /* in the child of a fork, where they are not */
  pool.started = pool.asleep = 0;
  atomic_store(&pool.call, 0); /* else a new thread would take the last call of before for one of its own */
  atomic_store(&pool.unfinished, 0);
  pthread_mutex_init(&pool.turn, 0);
  pthread_mutex_init(&pool.lock, 0);
  pthread_cond_init(&pool.wake, 0);
}

/* `wanted` threads, or as many of them as the system gives. */
static long start_threads(long wanted) {
  static int watched;
  if (!watched) watched = !pthread_atfork(0, 0, forget_threads);
  for (pthread_t thread; pool.started < wanted && pool.started < MOST; pool.started++) {
    if (pthread_create(&thread, 0, work, (void *)pool.started)) break;
    pthread_detach(thread);
  }
  return pool.started < wanted ? pool.started : wanted;
}

void run_shares(Kernel *kernel, const Share *shares, long count) {
  long others = 0;
  const int mine = count > 1 && !pthread_mutex_trylock(&pool.turn);
  if (mine) others = start_threads(count - 1);
  if (others) {
    pool.kernel = kernel;
    pool.shares = shares;
    atomic_store(&pool.unfinished, others);
    pthread_mutex_lock(&pool.lock);
    atomic_store(&pool.call, (pool.call / (MOST + 1) + 1) * (MOST + 1) + others);
    if (pool.asleep) pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.lock);
  }
  for (long k = others; k < count; k++) run_one(kernel, &shares[k]);
  for (long k = 0; others && atomic_load_explicit(&pool.unfinished, memory_order_acquire); k++)
    if (k < AWAKE) pause_briefly();
    else sched_yield();
  if (mine) pthread_mutex_unlock(&pool.turn);
}
