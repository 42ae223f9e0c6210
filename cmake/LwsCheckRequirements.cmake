# For programs: does the installed library have a feature? Used as
#
#   list(APPEND CMAKE_MODULE_PATH ${LWS_CMAKE_DIR})
#   include(LwsCheckRequirements)
#   set(requirements 1)
#   require_lws_config(LWS_ROLE_WS 1 requirements)
#
# The answer comes from lws_config.h, by compiling. A requirement that is not met ends the configuration; in a tree that
# sets LWS_WITH_MINIMAL_EXAMPLES it only sets the result variable to 0, so that one program is skipped.

include(CheckCSourceCompiles)
include(CheckIncludeFile)

macro(require_lws_config _lws_macro _lws_wanted _lws_result)
  set(_lws_saved_includes "${CMAKE_REQUIRED_INCLUDES}")
  list(INSERT CMAKE_REQUIRED_INCLUDES 0 ${LIBWEBSOCKETS_INCLUDE_DIRS})
  check_c_source_compiles("
    #include <libwebsockets.h>
    #if !defined(${_lws_macro})
    #error not configured
    #endif
    int main(void) { return 0; }" HAS_${_lws_macro})
  set(CMAKE_REQUIRED_INCLUDES "${_lws_saved_includes}")

  if((HAS_${_lws_macro} AND ${_lws_wanted}) OR (NOT HAS_${_lws_macro} AND NOT ${_lws_wanted}))
    set(_lws_met 1)
  else()
    set(_lws_met 0)
  endif()
  if(NOT _lws_met AND LWS_WITH_MINIMAL_EXAMPLES)
    message(STATUS "${SAMP}: skipped, wants ${_lws_macro} to be ${_lws_wanted}")
    set(${_lws_result} 0)
  elseif(NOT _lws_met)
    message(FATAL_ERROR "This project wants ${_lws_macro} to be ${_lws_wanted}; libwebsockets here has it otherwise")
  endif()
endmacro()

macro(require_pthreads _lws_result)
  check_include_file(pthread.h LWS_HAVE_PTHREAD_H)
  if(LWS_HAVE_PTHREAD_H)
    set(PTHREAD_LIB pthread)
  elseif(LWS_WITH_MINIMAL_EXAMPLES)
    message(STATUS "${SAMP}: skipped, no pthreads")
    set(${_lws_result} 0)
  else()
    message(FATAL_ERROR "This project needs pthreads")
  endif()
endmacro()
