/* Whole training steps: a batch in, forward through a stack of layers, the head, the loss, the way back, clipping and the
   optimizer. The same for all cells: a layer is two calls of its cell's kernels, prepared by step.py, which also says
   where everything lies. Rows are (step, sequence) pairs, `time * batch` of them. */
#include <math.h>
#include <time.h>

typedef struct {          /* of a cell's kernel, with what is moved before and after it */
  Kernel *kernel;
  const void *size;
  const Move *before, *after;
  const Pack *packs;
  const long *places;     /* of the kernel's arrays: block and bytes in turn */
  REAL *const *base;      /* the blocks */
  REAL *scratch;
  long befores, afters, pack_count, arrays, batch, chunk, keep;
} Call;

typedef struct {
  Call forward, backward;
  const REAL *x;          /* [rows, input] */
  const REAL *y;          /* the cell's output, `stride` values from row to row */
  long stride;
  REAL *out;              /* [rows, hidden]: what is read above; none where that is `y` as it stands */
  REAL *d_out;            /* its adjoint; the call backwards puts that of `x` into the one of the layer below */
} Layer;

typedef struct {          /* the layers' calls for one length and number of sequences */
  long time, batch;
  const Layer *layers;
} Program;

enum { ADAM, RMSPROP, SGD };
enum { INPUTS, FORWARD, HEAD, BACKWARD, CLIP, OPTIMIZER };

typedef struct {
  long layers, input, hidden, width, outputs, output_width;
  long sum;               /* layers after the first add their input to their output */
  long squared;           /* the loss is the mean squared error; else cross-entropy */
  long optimizer;
  double rate, clip;      /* clip: 0 for none */
  double power[2];        /* of Adam's two decays, to the number of steps made */
  long count;             /* values of the four blocks below, a whole number of vectors */
  REAL *parameter, *gradient, *mean, *square;
  REAL *weight, *bias, *d_weight, *d_bias; /* of the head, in the first two of these blocks */
  REAL *x;                /* [rows, input] of the batch */
  long *row, *place;      /* rows that are read, and where they stand in the pool */
  REAL *read, *d_read;    /* [read rows, width] */
  REAL *output;           /* [read rows, output_width], and its adjoint */
  REAL *packed, *packed_back, *packed_bias, *d_packed;
  double *seconds;        /* spent so far, by part of a step */
} Model;

static void measure(const Model *m, double *last, int part) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  const double seconds = now.tv_sec + 1e-9 * now.tv_nsec;
  if (*last) m->seconds[part] += seconds - *last;
  *last = seconds;
}

static void call(const Call *c) {
  REAL *array[c->arrays];
  move(c->before, c->befores, c->base);
  pack(c->packs, c->pack_count, c->base);
  for (long k = 0; k < c->arrays; k++) array[k] = (REAL *)((char *)c->base[c->places[2 * k]] + c->places[2 * k + 1]);
  c->kernel(c->size, 0, c->batch, c->chunk, c->keep, array, c->scratch, (const void *)product, (const void *)gradient);
  move(c->after, c->afters, c->base);
}

/* Some sequences of a pool [time, columns, input], from column `first` on. */
static void bring_in(const Model *m, const Program *p, const float *inputs, long columns, long first) {
  const long count = p->batch * m->input;
  for (long t = 0; t < p->time; t++) {
    const float *from = inputs + (t * columns + first) * m->input;
    for (long k = 0; k < count; k++) m->x[t * count + k] = from[k];
  }
}

static void forward(const Model *m, const Program *p) {
  const long rows = p->time * p->batch;
  for (long n = 0; n < m->layers; n++) {
    const Layer *l = &p->layers[n];
    call(&l->forward);
    for (long r = 0; l->out && r < rows; r++)
      for (long k = 0; k < m->hidden; k++)
        l->out[r * m->hidden + k] = l->y[r * l->stride + k] + (m->sum && n ? l->x[r * m->hidden + k] : 0);
  }
}

/* The head's outputs for the rows that the mask names. -> their number */
static long head(const Model *m, const Program *p, const unsigned char *mask, long columns, long first) {
  const Layer *l = &p->layers[m->layers - 1];
  const REAL *top = l->out ? l->out : l->y;
  const long stride = l->out ? m->hidden : l->stride;
  const long vectors = m->output_width / LANES;
  long n = 0;
  for (long t = 0; t < p->time; t++)
    for (long b = 0; b < p->batch; b++) {
      if (!mask[t * columns + first + b]) continue;
      const long row = t * p->batch + b;
      m->row[n] = row, m->place[n] = t * columns + first + b;
      memcpy(m->read + n * m->width, top + row * stride, m->hidden * sizeof(REAL)); /* 0 stands behind it */
      n++;
    }
  for (long k = 0; k < m->output_width; k++)
    m->packed_bias[k] = k < m->outputs ? m->bias[k] : m->squared ? 0 : -(REAL)INFINITY;
  const Pack columns_of = {0, 0, 1, vectors, m->hidden, 0, vectors, 0, m->hidden, m->outputs, 1, m->hidden};
  pack(&columns_of, 1, (REAL *const[]){m->packed, m->weight});
  const Operand from = {m->read, m->width, m->hidden};
  product(n, vectors, m->output, m->output_width, FROM_BIAS, m->packed_bias, 1, &from, m->packed);
  return n;
}

/* Mean loss of the outputs, which become their adjoints. Columns behind the outputs are -infinity. */
static double cross_entropy(const Model *m, long n, const long *label) {
  double loss = 0;
  const REAL share = (REAL)1 / n;
  for (long r = 0; r < n; r++) {
    REAL *out = m->output + r * m->output_width;
    const long class = label[m->place[r]];
    const REAL correct = out[class];
    REAL top = out[0], total = 0;
    for (long k = 1; k < m->outputs; k++) top = out[k] > top || out[k] != out[k] ? out[k] : top;
    for (long k = 0; k < m->output_width; k += LANES) store(out + k, v_exp(load(out + k) - all(top)));
    for (long k = 0; k < m->outputs; k++) total += out[k];
    loss += __builtin_log((double)total) + ((double)top - (double)correct);
    for (long k = 0; k < m->output_width; k++) out[k] *= share / total;
    out[class] -= share;
  }
  return loss / n;
}

static double squared_error(const Model *m, long n, const float *target) {
  double loss = 0;
  const REAL share = (REAL)2 / (n * m->outputs);
  for (long r = 0; r < n; r++)
    for (long k = 0; k < m->outputs; k++) {
      REAL *out = m->output + r * m->output_width + k;
      const REAL error = *out - (REAL)target[m->place[r] * m->outputs + k];
      loss += error * error; /* infinite as in torch, where it is beyond REAL */
      *out = share * error;
    }
  return loss / (n * m->outputs);
}

/* From the outputs' adjoints to the gradients of the head and the adjoint of the highest layer's output. */
static void head_back(const Model *m, const Program *p, long n) {
  REAL *d_top = p->layers[m->layers - 1].d_out;
  const long vectors = m->width / LANES;
  memset(m->d_packed, 0, m->outputs * m->width * sizeof(REAL));
  gradient(m->outputs, vectors, m->d_packed, n, m->output, m->output_width, m->read, m->width);
  for (long k = 0; k < m->output_width; k += LANES) {
    V total = all(0);
    for (long r = 0; r < n; r++) total += load(m->output + r * m->output_width + k);
    for (long o = k; o < k + LANES && o < m->outputs; o++) m->d_bias[o] = total[o - k];
  }
  for (long o = 0; o < m->outputs; o++)
    memcpy(m->d_weight + o * m->hidden, m->d_packed + o * m->width, m->hidden * sizeof(REAL));
  const Pack rows_of = {0, 0, 1, vectors, m->outputs, 0, vectors, 0, m->outputs, m->hidden, m->hidden, 1};
  pack(&rows_of, 1, (REAL *const[]){m->packed_back, m->weight});
  const Operand from = {m->output, m->output_width, m->outputs};
  product(n, vectors, m->d_read, m->width, FROM_ZERO, 0, 1, &from, m->packed_back);
  memset(d_top, 0, p->time * p->batch * m->hidden * sizeof(REAL));
  for (long r = 0; r < n; r++)
    memcpy(d_top + m->row[r] * m->hidden, m->d_read + r * m->width, m->hidden * sizeof(REAL));
}

static void backward(const Model *m, const Program *p) {
  for (long n = m->layers - 1; n >= 0; n--) {
    const Layer *l = &p->layers[n];
    call(&l->backward);
    if (m->sum && n)
      for (long k = 0; k < p->time * p->batch * m->hidden; k++) l[-1].d_out[k] += l->d_out[k];
  }
}

/* As torch.nn.utils.clip_grad_norm_. */
static void clip(const Model *m) {
  V squares = all(0);
  REAL total = 0;
  for (long k = 0; k < m->count; k += LANES) squares += load(m->gradient + k) * load(m->gradient + k);
  for (long k = 0; k < LANES; k++) total += squares[k];
  const double factor = m->clip / (__builtin_sqrt((double)total) + 1e-6);
  if (factor >= 1) return;
  for (long k = 0; k < m->count; k++) m->gradient[k] *= (REAL)factor;
}

#if DOUBLE
#define ROOT __builtin_sqrt
#else
#define ROOT __builtin_sqrtf
#endif

/* As torch.optim's, with its defaults. */
static void update(Model *m) {
  REAL *restrict p = m->parameter, *restrict mean = m->mean, *restrict square = m->square;
  const REAL *restrict g = m->gradient;
  const REAL rate = m->rate, tiny = 1e-8;
  if (m->optimizer == ADAM) {
    m->power[0] *= 0.9, m->power[1] *= 0.999;
    const REAL step = m->rate / (1 - m->power[0]), unbiased = __builtin_sqrt(1 - m->power[1]);
    for (long k = 0; k < m->count; k++) {
      mean[k] += (REAL)(1 - 0.9) * (g[k] - mean[k]);
      square[k] = (REAL)0.999 * square[k] + (REAL)(1 - 0.999) * g[k] * g[k];
      p[k] -= step * mean[k] / (ROOT(square[k]) / unbiased + tiny);
    }
  } else if (m->optimizer == RMSPROP)
    for (long k = 0; k < m->count; k++) {
      square[k] = (REAL)0.99 * square[k] + (REAL)(1 - 0.99) * g[k] * g[k];
      p[k] -= rate * g[k] / (ROOT(square[k]) + tiny);
    }
  else
    for (long k = 0; k < m->count; k++) p[k] -= rate * g[k];
}

/* A step with each of `count` batches that stand beside each other in a pool [time, columns, ...], up to the first whose
   loss is not finite, after which nothing is updated. -> the steps made, that one included */
long train_steps(Model *m, const Program *const *programs, long count, const float *inputs, const unsigned char *mask,
                 const long *label, const float *target, long columns, double *losses) {
  double last = 0;
  for (long step = 0, first = 0; step < count; step++) {
    const Program *p = programs[step];
    measure(m, &last, INPUTS);
    bring_in(m, p, inputs, columns, first);
    measure(m, &last, INPUTS);
    forward(m, p);
    measure(m, &last, FORWARD);
    const long n = head(m, p, mask, columns, first);
    losses[step] = m->squared ? squared_error(m, n, target) : cross_entropy(m, n, label);
    if (!__builtin_isfinite(losses[step])) return step + 1;
    head_back(m, p, n);
    measure(m, &last, HEAD);
    backward(m, p);
    measure(m, &last, BACKWARD);
    if (m->clip) clip(m);
    measure(m, &last, CLIP);
    update(m);
    measure(m, &last, OPTIMIZER);
    first += p->batch;
  }
  return count;
}

/* The outputs of some sequences of a pool, as out[time, columns, outputs], in the rows that the mask names. */
void infer(Model *m, const Program *p, const float *inputs, const unsigned char *mask, long columns, long first,
           float *out) {
  bring_in(m, p, inputs, columns, first);
  forward(m, p);
  const long n = head(m, p, mask, columns, first);
  for (long r = 0; r < n; r++)
    for (long k = 0; k < m->outputs; k++) out[m->place[r] * m->outputs + k] = m->output[r * m->output_width + k];
}
