# `cmake --install build [--prefix DIR]`: the program, what plugins are built with, the manual page and
# the completions of bash.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS engine RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_SOURCE_DIR}/core/plugin/engine_plugin.h DESTINATION include/engine)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/core/plugin/sdk DESTINATION include/engine FILES_MATCHING PATTERN "*.h")

# Headers say what they need of the engine; any version of the same major may be newer.
write_basic_package_version_file(${CMAKE_BINARY_DIR}/engineConfigVersion.cmake
  VERSION ${PROJECT_VERSION} COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_SOURCE_DIR}/core/plugin/sdk/engineConfig.cmake ${CMAKE_BINARY_DIR}/engineConfigVersion.cmake
  DESTINATION lib/cmake/engine)

# The program knows its commands best.
install(CODE "
  foreach(page IN ITEMS \"man engine.1\" \"completions bash engine\")
    separate_arguments(words UNIX_COMMAND \"\${page}\")
    list(POP_BACK words file)
    execute_process(COMMAND \"$<TARGET_FILE:engine>\" \${words}
      OUTPUT_FILE \"${CMAKE_BINARY_DIR}/install/\${file}\" COMMAND_ERROR_IS_FATAL ANY)
  endforeach()")
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/install)
install(FILES ${CMAKE_BINARY_DIR}/install/engine.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${CMAKE_BINARY_DIR}/install/engine
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
