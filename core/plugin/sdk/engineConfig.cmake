# What plugins are built with:
#
#   find_package(engine REQUIRED)
#   engine_add_plugin(acme acme.cpp)
#   engine_test_plugin(acme greets tests/greet.yaml "Hello, Ann!")
#
# engine::plugin has the headers, engine::engine is the program.
get_filename_component(_engine_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

if(NOT TARGET engine::plugin)
  add_library(engine::plugin INTERFACE IMPORTED)
  set_target_properties(engine::plugin PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${_engine_prefix}/include")
  add_executable(engine::engine IMPORTED)
  set_target_properties(engine::engine PROPERTIES IMPORTED_LOCATION "${_engine_prefix}/bin/engine")
endif()
unset(_engine_prefix)

# engine_add_plugin(NAME SOURCE…): a package that can be loaded, from the package.yaml beside, in
# plugins/NAME of the build folder; `cmake --install build --prefix DIR` puts it into DIR/NAME.
function(engine_add_plugin name)
  find_package(Threads REQUIRED)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE engine::plugin Threads::Threads)
  target_compile_features(${name} PRIVATE cxx_std_20 c_std_11)
  set(folder ${CMAKE_BINARY_DIR}/plugins/${name})
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so"
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${folder})
  # What other users may change is not loaded, whatever the umask is.
  set(mine OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
  file(MAKE_DIRECTORY ${folder})
  file(CHMOD ${CMAKE_BINARY_DIR}/plugins ${folder}
    PERMISSIONS ${mine} OWNER_EXECUTE GROUP_EXECUTE WORLD_EXECUTE)
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/package.yaml ${folder}/package.yaml COPYONLY
    FILE_PERMISSIONS ${mine})
  add_custom_command(TARGET ${name} POST_BUILD COMMAND chmod go-w $<TARGET_FILE:${name}> VERBATIM)
  install(TARGETS ${name} LIBRARY DESTINATION ${name} PERMISSIONS ${mine})
  install(FILES package.yaml DESTINATION ${name} PERMISSIONS ${mine})
endfunction()

# engine_test_plugin(NAME TEST WORKFLOW EXPECTED): runs the workflow with the plugin; what is expected
# is a regular expression of CMake that the items of its last node have to match.
function(engine_test_plugin name test workflow expected)
  add_test(NAME ${name}_${test}
    COMMAND engine::engine --plugins ${CMAKE_BINARY_DIR}/plugins
            --db ${CMAKE_CURRENT_BINARY_DIR}/${name}_${test}.db
            run ${CMAKE_CURRENT_SOURCE_DIR}/${workflow} --output json)
  set_tests_properties(${name}_${test} PROPERTIES PASS_REGULAR_EXPRESSION "${expected}")
endfunction()
