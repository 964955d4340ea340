//! `handler_abi.h`, version 1, as Rust sees it. Members are only ever added at the end of a struct.
#![allow(dead_code)]

use std::ffi::{c_char, c_void};

pub const ABI_MAJOR: u32 = 1;

// What `create` and `run` return.
pub const OK: i32 = 0;
pub const RETRYABLE: i32 = 1;
pub const INVALID_INPUT: i32 = 2;
pub const PERMANENT: i32 = 3;
pub const CANCELLED: i32 = 4;
pub const RESOURCE: i32 = 5;

// What functions of the host return on failure.
pub const E_ARGUMENT: i32 = -1;
pub const E_STALE: i32 = -2;
pub const E_NOT_FOUND: i32 = -3;
pub const E_IO: i32 = -4;
pub const E_LIMIT: i32 = -5;
pub const E_STATE: i32 = -6;

/// UTF-8 text of somebody else; borrowed until the call returns.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Str {
    pub ptr: *const c_char,
    pub len: u64,
}

impl Str {
    pub const fn new(text: &str) -> Self {
        Self {
            ptr: text.as_ptr().cast(),
            len: text.len() as u64,
        }
    }
}

/// One key and value of a log line.
#[repr(C)]
pub struct Field {
    pub key: Str,
    pub value: Str,
}

/// One run of the handler: a handle.
#[repr(C)]
pub struct Job {
    _opaque: [u8; 0],
}

/// An input or output that is open: a handle.
#[repr(C)]
pub struct Stream {
    _opaque: [u8; 0],
}

/// Why `create` or `run` did not return `OK`.
#[repr(C)]
pub struct Error {
    pub size: u32,
    pub reserved: i32,
    pub code: Str,
    pub message: Str,
    pub hint: Str,
    pub column: Str,
    pub row: i64,
    pub retry_after_ms: i64,
    pub details_json: Str,
}

/// What the host offers.
#[repr(C)]
pub struct Host {
    pub size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub reserved: u32,
    pub runner_version: Str,
    pub extension: extern "C" fn(id: Str) -> *const c_void,
    pub log: extern "C" fn(
        job: *mut Job,
        level: i32,
        message: Str,
        fields: *const Field,
        count: u32,
    ) -> i32,
    pub set_error: extern "C" fn(job: *mut Job, error: *const Error) -> i32,
    pub job_id: extern "C" fn(job: *mut Job, buffer: *mut c_char, capacity: u64) -> i64,
    pub attempt: extern "C" fn(job: *mut Job) -> i64,
    pub scratch_directory: extern "C" fn(job: *mut Job, buffer: *mut c_char, capacity: u64) -> i64,
    pub payload_json: extern "C" fn(job: *mut Job, buffer: *mut c_char, capacity: u64) -> i64,
    pub open_input: extern "C" fn(job: *mut Job, name: Str, stream: *mut *mut Stream) -> i32,
    pub input_size: extern "C" fn(stream: *mut Stream) -> i64,
    pub read: extern "C" fn(stream: *mut Stream, buffer: *mut c_void, capacity: u64) -> i64,
    pub seek: extern "C" fn(stream: *mut Stream, offset: u64) -> i64,
    pub open_output:
        extern "C" fn(job: *mut Job, name: Str, content_type: Str, stream: *mut *mut Stream) -> i32,
    pub write: extern "C" fn(stream: *mut Stream, bytes: *const c_void, length: u64) -> i64,
    pub close: extern "C" fn(stream: *mut Stream) -> i32,
    pub cancelled: extern "C" fn(job: *mut Job) -> i32,
    pub time_left_ms: extern "C" fn(job: *mut Job) -> i64,
    pub progress: extern "C" fn(job: *mut Job, fraction: f64, note: Str) -> i32,
    pub set_result_json: extern "C" fn(job: *mut Job, json: Str) -> i32,
    pub wall_ns: extern "C" fn(job: *mut Job) -> i64,
    pub mono_ns: extern "C" fn(job: *mut Job) -> i64,
    pub random: extern "C" fn(job: *mut Job, buffer: *mut c_void, length: u64) -> i32,
}

/// The host's table with the members that an old host may not have; got from `Host::newer`.
#[repr(C)]
pub struct NewerHost {
    pub host: Host,
    pub checkpoint_put: extern "C" fn(job: *mut Job, bytes: *const c_void, length: u64) -> i32,
    pub checkpoint_get: extern "C" fn(job: *mut Job, buffer: *mut c_void, capacity: u64) -> i64,
    pub kv_put: extern "C" fn(job: *mut Job, key: Str, bytes: *const c_void, length: u64) -> i32,
    pub kv_get: extern "C" fn(job: *mut Job, key: Str, buffer: *mut c_void, capacity: u64) -> i64,
    pub metric: extern "C" fn(
        job: *mut Job,
        kind: i32,
        name: Str,
        value: f64,
        labels: *const Field,
        count: u32,
    ) -> i32,
}

impl Host {
    /// The same table with its later members; `None` when this host does not have them.
    ///
    /// # Safety
    /// `host` is the pointer that `create` was given.
    pub unsafe fn newer<'a>(host: *const Host) -> Option<&'a NewerHost> {
        // SAFETY: the table is as long as it says and lives as long as the process.
        unsafe {
            ((*host).size as usize >= size_of::<NewerHost>()).then(|| &*host.cast::<NewerHost>())
        }
    }
}

/// What the handler offers.
#[repr(C)]
pub struct Handler {
    pub size: u32,
    pub abi_major: u32,
    pub min_host_minor: u32,
    pub reserved: u32,
    pub name: Str,
    pub version: Str,
    pub sdk: Str,
    pub create: extern "C" fn(host: *const Host, config_json: Str, this: *mut *mut c_void) -> i32,
    pub run: extern "C" fn(this: *mut c_void, job: *mut Job) -> i32,
    pub cancel: Option<extern "C" fn(this: *mut c_void, job: *mut Job)>,
    pub destroy: Option<extern "C" fn(this: *mut c_void)>,
    pub extension: Option<extern "C" fn(this: *mut c_void, id: Str) -> *const c_void>,
}

// SAFETY: the table points to text that lives as long as the process, and is never written to.
unsafe impl Sync for Handler {}

const _: () = assert!(
    size_of::<Error>() == 104 && size_of::<NewerHost>() == 240 && size_of::<Handler>() == 104
);
