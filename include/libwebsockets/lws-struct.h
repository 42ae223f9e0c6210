/* C structs to and from JSON. Not implemented by this library; the maps compile. */

#include "../libwebsockets.h"

#ifndef LWS_H_STRUCT_H
#define LWS_H_STRUCT_H

struct lws_struct_map;
struct lws_struct_args;

typedef struct lejp_collation lejp_collation_t;
typedef struct lws_struct_args lws_struct_args_t;
typedef struct lws_struct_map lws_struct_map_t;
typedef struct lws_struct_serialize_st lws_struct_serialize_st_t;
typedef struct lws_struct_serialize lws_struct_serialize_t;
typedef struct sqlite3 sqlite3;

typedef enum {
	LSMT_SIGNED,
	LSMT_UNSIGNED,
	LSMT_BOOLEAN,
	LSMT_STRING_CHAR_ARRAY,
	LSMT_STRING_PTR,
	LSMT_LIST,
	LSMT_CHILD_PTR,
	LSMT_SCHEMA,
	LSMT_BLOB_PTR,
} lws_struct_map_type_eum;

enum {
	LSSERJ_FLAG_PRETTY = 1,
	LSSERJ_FLAG_OMIT_SCHEMA,
};

typedef enum {
	LSJS_RESULT_CONTINUE,
	LSJS_RESULT_FINISH,
	LSJS_RESULT_ERROR,
} lws_struct_json_serialize_result_t;

typedef int (*lws_struct_args_cb)(void *, void *);

/** A chunk of a long string. */
struct lejp_collation {
	struct lws_dll2 chunks;
	int len;
	char buf[LEJP_STRING_CHUNK + 1];
};

/** State of a parse into structs. */
struct lws_struct_args {
	const lws_struct_map_t *map_st[LEJP_MAX_PARSING_STACK_DEPTH];
	lws_struct_args_cb cb;
	struct lwsac *ac;
	void *cb_arg;
	void *dest;
	size_t dest_len;
	size_t toplevel_dll2_ofs;
	size_t map_entries_st[LEJP_MAX_PARSING_STACK_DEPTH];
	size_t ac_block_size;
	int subtype;
	int top_schema_index;
	struct lwsac *ac_chunks;
	struct lws_dll2_owner chunks_owner;
	size_t chunks_length;
};

/** One member of a struct. */
struct lws_struct_map {
	const char *colname;
	const struct lws_struct_map *child_map;
	lejp_callback lejp_cb;
	size_t ofs;
	size_t aux;
	size_t ofs_clist;
	size_t child_map_size;
	lws_struct_map_type_eum type;
};

/** One level of a serialization. */
struct lws_struct_serialize_st {
	const struct lws_dll2 *dllpos;
	const lws_struct_map_t *map;
	const char *obj;
	size_t map_entries;
	size_t map_entry;
	size_t size;
	char subsequent;
	char idt;
};

/** A running serialization. */
struct lws_struct_serialize {
	lws_struct_serialize_st_t st[LEJP_MAX_PARSING_STACK_DEPTH];
	size_t offset;
	size_t remaining;
	int sp;
	int flags;
};

/* One line of a struct's map, by the kind of its member. */

#define LSM_LINE_(colname, map, cb, ofs, aux, clist, count, kind) { colname, map, cb, ofs, aux, clist, count, kind }
#define LSM_SIZE_(type, name) sizeof(((type *)0)->name)

#define LSM_SIGNED(type, name, qname) \
	LSM_LINE_(qname, NULL, NULL, offsetof(type, name), LSM_SIZE_(type, name), 0, 0, LSMT_SIGNED)
#define LSM_UNSIGNED(type, name, qname) \
	LSM_LINE_(qname, NULL, NULL, offsetof(type, name), LSM_SIZE_(type, name), 0, 0, LSMT_UNSIGNED)
#define LSM_BOOLEAN(type, name, qname) \
	LSM_LINE_(qname, NULL, NULL, offsetof(type, name), LSM_SIZE_(type, name), 0, 0, LSMT_BOOLEAN)
#define LSM_CARRAY(type, name, qname) \
	LSM_LINE_(qname, NULL, NULL, offsetof(type, name), LSM_SIZE_(type, name), 0, 0, LSMT_STRING_CHAR_ARRAY)
#define LSM_STRING_PTR(type, name, qname) \
	LSM_LINE_(qname, NULL, NULL, offsetof(type, name), LSM_SIZE_(type, name), 0, 0, LSMT_STRING_PTR)
#define LSM_LIST(ptype, pname, ctype, cname, lejp_cb, cmap, qname) \
	LSM_LINE_(qname, cmap, lejp_cb, offsetof(ptype, pname), sizeof(ctype), offsetof(ctype, cname), \
		  LWS_ARRAY_SIZE(cmap), LSMT_LIST)
#define LSM_CHILD_PTR(ptype, pname, ctype, lejp_cb, cmap, qname) \
	LSM_LINE_(qname, cmap, lejp_cb, offsetof(ptype, pname), sizeof(ctype), 0, LWS_ARRAY_SIZE(cmap), LSMT_CHILD_PTR)
#define LSM_SCHEMA(ctype, lejp_cb, map, schema_name) \
	LSM_LINE_(schema_name, map, lejp_cb, 0, sizeof(ctype), 0, LWS_ARRAY_SIZE(map), LSMT_SCHEMA)
#define LSM_SCHEMA_DLL2(ctype, cdll2mem, lejp_cb, map, schema_name) \
	LSM_LINE_(schema_name, map, lejp_cb, offsetof(ctype, cdll2mem), sizeof(ctype), 0, LWS_ARRAY_SIZE(map), LSMT_SCHEMA)
#define LSM_BLOB_PTR(type, blobptr_name, qname) \
	LSM_LINE_(qname, NULL, NULL, offsetof(type, blobptr_name), LSM_SIZE_(type, blobptr_name), 0, 0, LSMT_BLOB_PTR)

#endif
