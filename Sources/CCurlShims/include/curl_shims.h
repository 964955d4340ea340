// Typed faces of libcurl's variadic functions, which Swift does not import.
#ifndef HEADRACE_CURL_SHIMS_H
#define HEADRACE_CURL_SHIMS_H

#include <curl/curl.h>
#include <stddef.h>

// Reads, writes or takes a header: the same shape for CURLOPT_READFUNCTION, _WRITEFUNCTION and _HEADERFUNCTION.
typedef size_t (*shim_data_function)(char *data, size_t size, size_t count, void *context);
typedef int (*shim_seek_function)(void *context, curl_off_t offset, int origin);
typedef int (*shim_progress_function)(
    void *context, curl_off_t download_total, curl_off_t downloaded, curl_off_t upload_total, curl_off_t uploaded);

CURLcode shim_set_long(CURL *easy, CURLoption option, long value);
CURLcode shim_set_offset(CURL *easy, CURLoption option, curl_off_t value);
CURLcode shim_set_text(CURL *easy, CURLoption option, const char *value);
CURLcode shim_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode shim_set_data_function(CURL *easy, CURLoption option, shim_data_function value);
CURLcode shim_set_seek_function(CURL *easy, shim_seek_function value);
CURLcode shim_set_progress_function(CURL *easy, shim_progress_function value);
CURLcode shim_get_long(CURL *easy, CURLINFO info, long *value);
CURLcode shim_get_pointer(CURL *easy, CURLINFO info, void **value);
CURLMcode shim_multi_set_long(CURLM *multi, CURLMoption option, long value);

// The next transfer that has ended, or NULL; `result` says how.
CURL *shim_multi_next_done(CURLM *multi, CURLcode *result);

// Names the calling thread, for debuggers; at most 15 bytes count.
void shim_name_thread(const char *name);

#endif
