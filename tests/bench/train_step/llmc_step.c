// llm.c's CPU training step on demand, for train_step.py: each line on stdin makes a step (gpt2_forward,
// gpt2_backward, gpt2_update) on fresh random tokens and answers "wall-seconds cpu-seconds loss". Built against a
// copy of llm.c (github.com/karpathy/llm.c), which is not part of this project:
//
//   gcc -Ofast -march=native -fopenmp -DOMP -I LLM.C tests/bench/train_step/llmc_step.c -o llmc_step -lm
//   llmc_step MICRO_BATCH LENGTH THREADS
#define TESTING
#include "train_gpt2.c"

#include <sys/resource.h>
#include <time.h>

static double wall_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

static double cpu_seconds(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return u.ru_utime.tv_sec + u.ru_stime.tv_sec + 1e-6 * (u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

// A 124M model file of small random weights, since llm.c takes its model from a file.
static void write_model(const char* path) {
  int header[256] = {20240326, 3, 1024, 50257, 12, 12, 768, 50304};
  GPT2 model;
  model.config = (GPT2Config){1024, 50257, 50304, 12, 12, 768};
  fill_in_parameter_sizes(model.param_sizes, model.config);
  FILE* file = fopen(path, "wb");
  fwrite(header, sizeof(int), 256, file);
  for (int i = 0; i < NUM_PARAMETER_TENSORS; ++i) {
    for (size_t j = 0; j < model.param_sizes[i]; ++j) {
      float value = 0.02f * (rand() / (float)RAND_MAX - 0.5f);
      fwrite(&value, sizeof value, 1, file);
    }
  }
  fclose(file);
}

int main(int argc, char** argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: %s MICRO_BATCH LENGTH THREADS\n", argv[0]);
    return 2;
  }
  const int sequences = atoi(argv[1]), length = atoi(argv[2]);
  omp_set_num_threads(atoi(argv[3]));
  char path[] = "/tmp/llmc_model_XXXXXX";
  close(mkstemp(path));
  write_model(path);
  GPT2 model;
  freopen("/dev/null", "w", stderr);
  int answers = dup(1);
  freopen("/dev/null", "w", stdout);
  gpt2_build_from_checkpoint(&model, path);
  remove(path);
  FILE* out = fdopen(answers, "w");
  int* tokens = malloc(sequences * length * sizeof(int));
  int* targets = malloc(sequences * length * sizeof(int));
  char line[16];
  for (int step = 1; fgets(line, sizeof line, stdin); ++step) {
    for (int i = 0; i < sequences * length; ++i) {
      tokens[i] = rand() % 50257;
      targets[i] = rand() % 50257;
    }
    const double wall = wall_seconds(), cpu = cpu_seconds();
    gpt2_forward(&model, tokens, targets, sequences, length);
    gpt2_zero_grad(&model);
    gpt2_backward(&model);
    gpt2_update(&model, 1e-4f, 0.9f, 0.999f, 1e-8f, 0.0f, step);
    fprintf(out, "%.6f %.6f %.6f\n", wall_seconds() - wall, cpu_seconds() - cpu, model.mean_loss);
    fflush(out);
  }
}
