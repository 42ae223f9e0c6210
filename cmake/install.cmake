# What is installed and where. No absolute path gets into an installed file: the package and the .pc files find the
# prefix from where they lie, so the tree may be moved or packed.

foreach(dir IN ITEMS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
  if(IS_ABSOLUTE "${${dir}}")
    message(FATAL_ERROR "${dir} has to be relative to the prefix: the installed tree is relocatable")
  endif()
endforeach()

set(lws_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/libwebsockets")
set(lws_pc_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
set(lws_gen "${PROJECT_BINARY_DIR}/install")

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(FILES "${LWS_SHARED}" DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
install(FILES "${LWS_SHARED_LINK}" "${LWS_STATIC}" DESTINATION "${CMAKE_INSTALL_LIBDIR}")

# From ${pcfiledir} up to the prefix; any base serves, only the difference counts.
file(RELATIVE_PATH LWS_PC_TO_PREFIX "/p/${lws_pc_dir}" "/p")
string(REGEX REPLACE "/$" "" LWS_PC_TO_PREFIX "${LWS_PC_TO_PREFIX}")
list(TRANSFORM LWS_SYSTEM_LIBS PREPEND "-l" OUTPUT_VARIABLE lws_flags)
list(JOIN lws_flags " " LWS_SYSTEM_LIB_FLAGS)
foreach(name IN ITEMS libwebsockets libwebsockets_static)
  configure_file("${PROJECT_SOURCE_DIR}/cmake/${name}.pc.in" "${lws_gen}/${name}.pc" @ONLY)
  install(FILES "${lws_gen}/${name}.pc" DESTINATION "${lws_pc_dir}")
endforeach()

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/libwebsockets-config.cmake.in" "${lws_gen}/libwebsockets-config.cmake"
  INSTALL_DESTINATION "${lws_package_dir}"
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR
  NO_CHECK_REQUIRED_COMPONENTS_MACRO)
configure_file("${PROJECT_SOURCE_DIR}/cmake/libwebsockets-config-version.cmake.in"
  "${lws_gen}/libwebsockets-config-version.cmake" @ONLY)
install(FILES
  "${lws_gen}/libwebsockets-config.cmake"
  "${lws_gen}/libwebsockets-config-version.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/LwsCheckRequirements.cmake"
  DESTINATION "${lws_package_dir}")
