// Times ten iterations of neighbour averaging, as fitting/smooth/laplacian_smooth.ts does
// them: uniform weights, all places at once, f64, boundary places stay.
//
//   c++ -O3 -march=native -DNDEBUG smooth.cpp -o smooth
//   smooth FILE
//
// FILE: int32 places, int32 entries, uint32 offsets[places + 1], uint32 ring[entries],
// float64 positions[3 * places], uint8 pinned[places].
// Prints its name, then for every line read from stdin one line `ms checksum`: CPU
// time with positions copied in and out, sum of all coordinates.
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

template <class T> static std::vector<T> readSome(std::FILE* file, size_t count) {
  std::vector<T> values(count);
  if (std::fread(values.data(), sizeof(T), count, file) != count) std::exit(3);
  return values;
}

static double cpuMs() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return 1e3 * t.tv_sec + 1e-6 * t.tv_nsec;
}

static void pass(const uint32_t* offsets, const uint32_t* ring, const uint8_t* pinned, const double* from, double* to,
                 int places, double factor) {
  for (int w = 0; w < places; w++) {
    const uint32_t begin = offsets[w], end = offsets[w + 1];
    const double x = from[3 * w], y = from[3 * w + 1], z = from[3 * w + 2];
    if (begin == end || pinned[w]) {
      to[3 * w] = x;
      to[3 * w + 1] = y;
      to[3 * w + 2] = z;
      continue;
    }
    double sx = 0, sy = 0, sz = 0;
    for (uint32_t r = begin; r < end; r++) {
      const double* q = from + 3 * size_t(ring[r]);
      sx += q[0];
      sy += q[1];
      sz += q[2];
    }
    const double share = factor / (end - begin), kept = 1 - factor;
    to[3 * w] = kept * x + share * sx;
    to[3 * w + 1] = kept * y + share * sy;
    to[3 * w + 2] = kept * z + share * sz;
  }
}

int main(int count, char** arguments) {
  std::FILE* file = count == 2 ? std::fopen(arguments[1], "rb") : nullptr;
  if (!file) return 2;
  const auto sizes = readSome<int32_t>(file, 2);
  const int places = sizes[0];
  const auto offsets = readSome<uint32_t>(file, places + 1), ring = readSome<uint32_t>(file, sizes[1]);
  const auto positions = readSome<double>(file, 3 * size_t(places));
  const auto pinned = readSome<uint8_t>(file, places);
  std::fclose(file);
  std::vector<double> a(positions.size()), b(positions.size()), out(positions.size());
  std::printf("C++\n");
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    const double start = cpuMs();
    a = positions;
    double *from = a.data(), *to = b.data();
    for (int i = 0; i < 10; i++) {
      pass(offsets.data(), ring.data(), pinned.data(), from, to, places, 0.5);
      std::swap(from, to);
    }
    out.assign(from, from + positions.size());
    const double ms = cpuMs() - start;
    double sum = 0;
    for (const double value : out) sum += value < 0 ? -value : value;
    std::printf("%.3f %.17g\n", ms, sum);
    std::fflush(stdout);
  }
}
