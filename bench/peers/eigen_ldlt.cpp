// Times Eigen's SimplicialLDLT on a matrix that the benchmark writes.
//
//   c++ -O3 -march=native -DNDEBUG eigen_ldlt.cpp -o eigen_ldlt
//   eigen_ldlt MATRIX
//
// MATRIX: int32 n, int32 entries, int32 offsets[n + 1], int32 neighbours[entries],
// float64 offDiagonal[entries], float64 diagonal[n], float64 rhs[3 * n] (row by row).
// Prints its version and the entries below the diagonal of L, then for every line read from stdin one line
// `order factor solve checksum` (CPU milliseconds, sum of all solutions).
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>
#include <eigen3/Eigen/Sparse>

using Matrix = Eigen::SparseMatrix<double>;
using Solver = Eigen::SimplicialLDLT<Matrix, Eigen::Lower, Eigen::AMDOrdering<int>>;
using Rows = Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor>;

template <class T> static std::vector<T> readSome(std::FILE* file, size_t count) {
  std::vector<T> values(count);
  if (std::fread(values.data(), sizeof(T), count, file) != count) std::exit(3);
  return values;
}

static double nowMs() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return 1e3 * t.tv_sec + 1e-6 * t.tv_nsec;
}

int main(int count, char** arguments) {
  std::FILE* file = count == 2 ? std::fopen(arguments[1], "rb") : nullptr;
  if (!file) return 2;
  const auto sizes = readSome<int32_t>(file, 2);
  const int n = sizes[0], entries = sizes[1];
  const auto offsets = readSome<int32_t>(file, n + 1), neighbours = readSome<int32_t>(file, entries);
  const auto offDiagonal = readSome<double>(file, entries), diagonal = readSome<double>(file, n);
  const auto rhs = readSome<double>(file, 3 * size_t(n));
  std::fclose(file);
  std::vector<Eigen::Triplet<double>> triplets;
  for (int i = 0; i < n; i++) {
    triplets.emplace_back(i, i, diagonal[i]);
    for (int r = offsets[i]; r < offsets[i + 1]; r++) triplets.emplace_back(i, neighbours[r], offDiagonal[r]);
  }
  Matrix matrix(n, n);
  matrix.setFromTriplets(triplets.begin(), triplets.end());
  const Rows b = Eigen::Map<const Rows>(rhs.data(), n, 3);
  bool isFirst = true;
  for (std::string line; isFirst || std::getline(std::cin, line); isFirst = false) {
    Solver solver;
    const double t0 = nowMs();
    solver.analyzePattern(matrix);
    const double t1 = nowMs();
    solver.factorize(matrix);
    const double t2 = nowMs();
    const Eigen::MatrixXd x = solver.solve(Eigen::MatrixXd(b));
    const double t3 = nowMs();
    if (isFirst) std::printf("Eigen %d.%d.%d, fill %lld\n", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION,
                             (long long)solver.matrixL().nestedExpression().nonZeros());
    else std::printf("%.3f %.3f %.3f %.17g\n", t1 - t0, t2 - t1, t3 - t2, x.sum());
    std::fflush(stdout);
  }
}
