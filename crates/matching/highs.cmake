# How HiGHS is compiled, read by CMake before HiGHS's own CMakeLists.txt (.cargo/config.toml names this file).

# Many source files as one: the headers, which are the most of it, are read once instead of 30 times. That halves the
# processor time of compiling HiGHS and changes nothing in what it computes.
set(CMAKE_UNITY_BUILD ON CACHE BOOL "")
set(CMAKE_UNITY_BUILD_BATCH_SIZE 24 CACHE STRING "")
# Optimised as the profile says (OPT_LEVEL is Cargo's), which costs a third less at the first level than at the third.
set(CMAKE_C_FLAGS_RELEASE "-O$ENV{OPT_LEVEL} -DNDEBUG" CACHE STRING "")
set(CMAKE_CXX_FLAGS_RELEASE "-O$ENV{OPT_LEVEL} -DNDEBUG" CACHE STRING "")
