# The build step: one target that always asks cargo (cargo knows what is out of date), then lays the two libraries out
# under their installed names in ${LWS_LIB_DIR}, so that the build tree can be linked against as it is.

find_program(LWS_CARGO cargo HINTS "$ENV{CARGO_HOME}/bin" "$ENV{HOME}/.cargo/bin" REQUIRED)

# cargo is asked, not guessed: environment and .cargo/config.toml both have a say.
execute_process(
  COMMAND "${LWS_CARGO}" metadata --no-deps --format-version 1
  WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
  OUTPUT_VARIABLE lws_metadata
  COMMAND_ERROR_IS_FATAL ANY)
string(JSON LWS_CARGO_TARGET_DIR GET "${lws_metadata}" target_directory)

if(LWS_CARGO_PROFILE STREQUAL "dev")
  set(lws_out "${LWS_CARGO_TARGET_DIR}/debug")
else()
  set(lws_out "${LWS_CARGO_TARGET_DIR}/${LWS_CARGO_PROFILE}")
endif()

set(LWS_LIB_DIR "${PROJECT_BINARY_DIR}/lib")
set(LWS_SHARED "${LWS_LIB_DIR}/libwebsockets.so.${LWS_SOVERSION}")
set(LWS_SHARED_LINK "${LWS_LIB_DIR}/libwebsockets.so")
set(LWS_STATIC "${LWS_LIB_DIR}/libwebsockets.a")

add_custom_target(libwebsockets ALL
  COMMAND "${LWS_CARGO}" build --lib --profile "${LWS_CARGO_PROFILE}"
          --target-dir "${LWS_CARGO_TARGET_DIR}" ${LWS_CARGO_FLAGS}
  COMMAND "${CMAKE_COMMAND}" -E make_directory "${LWS_LIB_DIR}"
  COMMAND "${CMAKE_COMMAND}" -E copy_if_different "${lws_out}/libwebsockets.so" "${LWS_SHARED}"
  COMMAND "${CMAKE_COMMAND}" -E create_symlink "libwebsockets.so.${LWS_SOVERSION}" "${LWS_SHARED_LINK}"
  COMMAND "${CMAKE_COMMAND}" -E copy_if_different "${lws_out}/libwebsockets.a" "${LWS_STATIC}"
  BYPRODUCTS "${LWS_SHARED}" "${LWS_SHARED_LINK}" "${LWS_STATIC}"
  WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
  COMMENT "cargo build, profile ${LWS_CARGO_PROFILE}"
  USES_TERMINAL VERBATIM)
