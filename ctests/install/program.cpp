// The same from C++: headers and library are used as they are.
#include <libwebsockets.h>

#include <fstream>
#include <iostream>
#include <string>

static const lws_protocols protocols[] = { { "http", lws_callback_http_dummy, 0, 0, 0, nullptr, 0 },
					   { nullptr, nullptr, 0, 0, 0, nullptr, 0 } };

static std::string loaded()
{
	std::ifstream maps("/proc/self/maps");
	std::string line, path = "none";

	while (std::getline(maps, line))
		if (line.find("/libwebsockets.so") != std::string::npos)
			path = line.substr(line.find('/'));
	return path;
}

int main()
{
	lws_context_creation_info info = {};

	lws_set_log_level(LLL_ERR, nullptr);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	lws_context *context = lws_create_context(&info);
	if (!context)
		return 1;
	lws_context_destroy(context);
	std::cout << "version " << lws_get_library_version() << "\nloaded " << loaded() << "\n";
	return 0;
}
