// Times Embree's rtcPointQuery on a mesh and points that the benchmark writes.
//
//   c++ -O3 -march=native -DNDEBUG embree_closest.cpp -lembree3 -o embree_closest
//   embree_closest FILE
//
// FILE: int32 vertices, int32 faces, int32 points, float32 positions[3 * vertices],
// uint32 indices[3 * faces], float32 points[3 * points].
// Prints its version and the milliseconds of the build, then for every line read from stdin one line
// `ms checksum`: CPU time of all queries, sum of all distances.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <limits>
#include <string>
#include <vector>
#include <embree3/rtcore.h>

struct Vec { float x, y, z; };
static Vec operator-(Vec a, Vec b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
static Vec operator+(Vec a, Vec b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
static Vec operator*(float s, Vec a) { return {s * a.x, s * a.y, s * a.z}; }
static float dot(Vec a, Vec b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

// Ericson 2005, "Real-Time Collision Detection", 5.1.5.
static Vec closestOnTriangle(Vec p, Vec a, Vec b, Vec c) {
  const Vec ab = b - a, ac = c - a, ap = p - a;
  const float d1 = dot(ab, ap), d2 = dot(ac, ap);
  if (d1 <= 0 && d2 <= 0) return a;
  const Vec bp = p - b;
  const float d3 = dot(ab, bp), d4 = dot(ac, bp);
  if (d3 >= 0 && d4 <= d3) return b;
  const float vc = d1 * d4 - d3 * d2;
  if (vc <= 0 && d1 >= 0 && d3 <= 0) return a + (d1 / (d1 - d3)) * ab;
  const Vec cp = p - c;
  const float d5 = dot(ab, cp), d6 = dot(ac, cp);
  if (d6 >= 0 && d5 <= d6) return c;
  const float vb = d5 * d2 - d1 * d6;
  if (vb <= 0 && d2 >= 0 && d6 <= 0) return a + (d2 / (d2 - d6)) * ac;
  const float va = d3 * d6 - d5 * d4;
  if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) return b + ((d4 - d3) / ((d4 - d3) + (d5 - d6))) * (c - b);
  const float scale = 1 / (va + vb + vc);
  return a + (vb * scale) * ab + (vc * scale) * ac;
}

struct Nearest {
  const Vec* positions;
  const uint32_t* indices;
  float radiusSq;
};

static bool visit(RTCPointQueryFunctionArguments* args) {
  Nearest& nearest = *static_cast<Nearest*>(args->userPtr);
  const uint32_t* face = nearest.indices + 3 * args->primID;
  const Vec p = {args->query->x, args->query->y, args->query->z};
  const Vec* q = nearest.positions;
  const Vec e = p - closestOnTriangle(p, q[face[0]], q[face[1]], q[face[2]]);
  const float distanceSq = dot(e, e);
  if (distanceSq >= nearest.radiusSq) return false;
  nearest.radiusSq = distanceSq;
  args->query->radius = std::sqrt(distanceSq);
  return true;
}

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

int main(int count, char** arguments) {
  std::FILE* file = count == 2 ? std::fopen(arguments[1], "rb") : nullptr;
  if (!file) return 2;
  const auto sizes = readSome<int32_t>(file, 3);
  const auto positions = readSome<Vec>(file, sizes[0]);
  const auto indices = readSome<uint32_t>(file, 3 * size_t(sizes[1]));
  const auto points = readSome<Vec>(file, sizes[2]);
  std::fclose(file);
  RTCDevice device = rtcNewDevice("threads=1");
  const double begin = cpuMs();
  RTCScene scene = rtcNewScene(device);
  rtcSetSceneBuildQuality(scene, RTC_BUILD_QUALITY_HIGH);
  RTCGeometry geometry = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_TRIANGLE);
  void* vertexBuffer =
      rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3, sizeof(Vec), sizes[0]);
  std::copy(positions.begin(), positions.end(), static_cast<Vec*>(vertexBuffer));
  void* indexBuffer =
      rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3, 3 * sizeof(uint32_t), sizes[1]);
  std::copy(indices.begin(), indices.end(), static_cast<uint32_t*>(indexBuffer));
  rtcSetGeometryPointQueryFunction(geometry, visit);
  rtcCommitGeometry(geometry);
  rtcAttachGeometry(scene, geometry);
  rtcCommitScene(scene);
  std::printf("Embree %s, build %.1f ms\n", RTC_VERSION_STRING, cpuMs() - begin);
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    const double start = cpuMs();
    double sum = 0;
    for (const Vec& p : points) {
      Nearest nearest = {positions.data(), indices.data(), std::numeric_limits<float>::infinity()};
      RTCPointQuery query = {p.x, p.y, p.z, 0, std::numeric_limits<float>::infinity()};
      RTCPointQueryContext context;
      rtcInitPointQueryContext(&context);
      rtcPointQuery(scene, &query, &context, visit, &nearest);
      sum += std::sqrt(nearest.radiusSq);
    }
    std::printf("%.3f %.17g\n", cpuMs() - start, sum);
    std::fflush(stdout);
  }
}
