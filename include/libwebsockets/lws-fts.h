/* Full text search. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_FTS_H
#define LWS_H_FTS_H

struct lws_fts;
struct lws_fts_file;

#define LWSFTS_F_QUERY_AUTOCOMPLETE (1 << 0)
#define LWSFTS_F_QUERY_FILES (1 << 1)
#define LWSFTS_F_QUERY_FILE_LINES (1 << 2)
#define LWSFTS_F_QUERY_QUOTE_LINE (1 << 3)

/** All results. */
struct lws_fts_result {
	struct lws_fts_result_filepath *filepath_head;
	struct lws_fts_result_autocomplete *autocomplete_head;
	int duration_ms;
	int effective_flags;
};

/** A completion. */
struct lws_fts_result_autocomplete {
	struct lws_fts_result_autocomplete *next;
	int instances;
	int agg_instances;
	int ac_length;
	char elided;
	char has_children;
};

/** Matches in one file. */
struct lws_fts_result_filepath {
	struct lws_fts_result_filepath *next;
	int matches;
	int matches_length;
	int lines_in_file;
	int filepath_length;
};

/** What to look for. */
struct lws_fts_search_params {
	const char *needle;
	const char *only_filepath;
	struct lwsac *results_head;
	int flags;
	int max_autocomplete;
	int max_files;
	int max_lines;
};

#endif
