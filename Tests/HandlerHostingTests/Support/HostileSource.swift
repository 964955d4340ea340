/// A handler that tries to get out of its process: what it tries is chosen by the job's parameter `how`, and it
/// tells the errno that it met, 0 for success; or, of a search, how often it found something.
enum HostileSource {
    static let handler = [ZooSource.common, files, processes, memory, search, run].joined(separator: "\n")

    private static let run = """
        static int32_t run(void *self, jh_job *job) {
            (void)self;
            char payload[512];
            int64_t length = host->payload_json(job, payload, sizeof payload - 1);
            payload[length < 511 ? length : 511] = 0;
            int32_t status = -100;
            if ((status = files(job, payload)) != -100) return status;
            if ((status = processes(job, payload)) != -100) return status;
            if ((status = memory(job, payload)) != -100) return status;
            if ((status = search(job, payload)) != -100) return status;
            return fail(job, JH_PERMANENT, "unknown-trick", payload, -1);
        }
        static const jh_handler table = {
            .size = sizeof table, .abi_major = 1, .name = {"zoo", 3}, .version = {"1.0.0", 5},
            .create = create_ok, .run = run};
        JH_EXPORT const jh_handler *jobhandler_v1(const jh_host *given) { (void)given; return &table; }
        """

    private static let files = """
        #include <dirent.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        static int32_t errno_of(jh_job *job, long long answer) { return result(job, "errno", answer < 0 ? errno : 0); }
        static int32_t opening(jh_job *job, const char *path, int flags) {
            int fd = open(path, flags, 0600);
            int32_t status = errno_of(job, fd);
            if (fd >= 0) close(fd);
            return status;
        }
        static char *scratch(jh_job *job) {
            static char path[1024];
            path[host->scratch_directory(job, path, sizeof path - 1)] = 0;
            return path;
        }
        static int32_t output_link(jh_job *job) {
            jh_stream *out;
            char place[1100];
            host->open_output(job, S("copy.csv"), S("text/plain"), &out);
            host->write(out, "x", 1);
            host->close(out);
            snprintf(place, sizeof place, "%s/../out/copy.csv", scratch(job));
            if (unlink(place) != 0 || symlink("/etc/passwd", place) != 0) return errno_of(job, -1);
            return JH_OK;
        }
        static int32_t output_directory_link(jh_job *job) {
            jh_stream *out;
            char place[1100], other[1100];
            host->open_output(job, S("copy.csv"), S("text/plain"), &out);
            host->write(out, "mine", 4);
            host->close(out);
            snprintf(place, sizeof place, "%s/../out", scratch(job));
            snprintf(other, sizeof other, "%s/../moved", scratch(job));
            if (rename(place, other) != 0 || symlink("/etc", place) != 0) return errno_of(job, -1);
            return JH_OK;
        }
        static int32_t fill(jh_job *job) {
            static char block[1 << 16];
            char path[1200];
            host->progress(job, 0, S("filling"));
            for (int file = 0;; file++) {
                snprintf(path, sizeof path, "%s/%d", scratch(job), file);
                int fd = open(path, O_WRONLY | O_CREAT, 0600);
                for (int block_number = 0; fd >= 0 && block_number < 16; block_number++)
                    if (write(fd, block, sizeof block) < 0) usleep(1000);
                if (fd >= 0) close(fd);
                usleep(1000);
            }
        }
        static int32_t files(jh_job *job, const char *payload) {
            char path[1200];
            if (is(payload, "read_passwd")) return opening(job, "/etc/passwd", O_RDONLY);
            if (is(payload, "read_hosts")) return opening(job, "/etc/hosts", O_RDONLY);
            if (is(payload, "read_root")) return opening(job, "/", O_RDONLY | O_DIRECTORY);
            if (is(payload, "read_home")) return opening(job, "/root", O_RDONLY | O_DIRECTORY);
            if (is(payload, "write_tmp")) return opening(job, "/tmp/zoo-was-here", O_WRONLY | O_CREAT);
            if (is(payload, "write_shm")) return opening(job, "/dev/shm/zoo-was-here", O_WRONLY | O_CREAT);
            if (is(payload, "write_library")) return opening(job, "/usr/lib/zoo-was-here", O_WRONLY | O_CREAT);
            if (is(payload, "read_handler")) {
                snprintf(path, sizeof path, "%s/handler.yml", getenv("ZOO_FOLDER"));
                return opening(job, path, O_RDONLY);
            }
            if (is(payload, "write_handler")) {
                snprintf(path, sizeof path, "%s/handler.yml", getenv("ZOO_FOLDER"));
                return opening(job, path, O_WRONLY);
            }
            if (is(payload, "write_scratch")) {
                snprintf(path, sizeof path, "%s/mine", scratch(job));
                return opening(job, path, O_WRONLY | O_CREAT);
            }
            if (is(payload, "scratch_parent")) {
                snprintf(path, sizeof path, "%s/../../..", scratch(job));
                return opening(job, path, O_RDONLY | O_DIRECTORY);
            }
            if (is(payload, "read_zone")) return opening(job, "/usr/share/zoneinfo", O_RDONLY | O_DIRECTORY);
            if (is(payload, "output_link")) return output_link(job);
            if (is(payload, "output_directory_link")) return output_directory_link(job);
            if (is(payload, "fill")) return fill(job);
            if (is(payload, "surroundings")) {
                char directory[64] = "";
                mode_t mask = umask(077);
                return result(job, "fixed", getcwd(directory, sizeof directory) && strcmp(directory, "/") == 0
                    && mask == 077 && strcmp(getenv("TZ"), "UTC") == 0 && strcmp(getenv("LC_ALL"), "C.UTF-8") == 0);
            }
            return -100;
        }
        """

    private static let processes = """
        #include <arpa/inet.h>
        #include <linux/capability.h>
        #include <netinet/in.h>
        #include <sched.h>
        #include <sys/mount.h>
        #include <sys/prctl.h>
        #include <sys/ptrace.h>
        #include <sys/resource.h>
        #include <sys/uio.h>
        #include <time.h>
        #include <sys/un.h>
        static int32_t metadata(jh_job *job) {
            struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(80)};
            inet_pton(AF_INET, "169.254.169.254", &place.sin_addr);
            int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
            if (fd >= 0 && connect(fd, (struct sockaddr *)&place, sizeof place) < 0 && errno == EINPROGRESS) errno = 0;
            return result(job, "errno", errno);
        }
        static int32_t fork_bomb(jh_job *job) {
            int children = 0;
            for (int n = 0; n < 1000; n++) {
                pid_t pid = fork();
                if (pid == 0) pause();
                children += pid > 0;
            }
            return result(job, "found", children);
        }
        static int32_t held_capabilities(jh_job *job) {
            struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
            struct __user_cap_data_struct held[2];
            syscall(SYS_capget, &header, held);
            return result(job, "found", held[0].permitted | held[1].permitted | held[0].inheritable);
        }
        static int32_t processes(jh_job *job, const char *payload) {
            errno = 0;
            if (is(payload, "metadata")) return metadata(job);
            if (is(payload, "socket_udp")) return errno_of(job, socket(AF_INET, SOCK_DGRAM, 0));
            if (is(payload, "socket_unix")) return errno_of(job, socket(AF_UNIX, SOCK_STREAM, 0));
            if (is(payload, "socket_netlink")) return errno_of(job, socket(AF_NETLINK, SOCK_RAW, 0));
            if (is(payload, "socket_pair")) { int pair[2]; return errno_of(job, socketpair(AF_UNIX, SOCK_STREAM, 0, pair)); }
            if (is(payload, "io_uring")) { char room[256] = {0}; return errno_of(job, syscall(425, 4, room)); }
            if (is(payload, "fork_bomb")) return fork_bomb(job);
            if (is(payload, "exec")) return errno_of(job, execl("/bin/true", "true", NULL));
            if (is(payload, "new_namespace")) return errno_of(job, unshare(CLONE_NEWUSER));
            if (is(payload, "mount")) return errno_of(job, mount("none", "/mnt", "tmpfs", 0, NULL));
            if (is(payload, "chroot")) return errno_of(job, chroot("/tmp"));
            if (is(payload, "keyring")) return errno_of(job, syscall(SYS_keyctl, 0, -3, 0, 0, 0));
            if (is(payload, "bpf")) return errno_of(job, syscall(SYS_bpf, 0, NULL, 0));
            if (is(payload, "clock")) { struct timespec time = {1, 0}; return errno_of(job, clock_settime(CLOCK_REALTIME, &time)); }
            if (is(payload, "leave_group")) return errno_of(job, setpgid(0, 0));
            if (is(payload, "leave_session")) return errno_of(job, setsid());
            if (is(payload, "signal_all")) return errno_of(job, kill(-1, SIGKILL));
            if (is(payload, "signal_runner")) return errno_of(job, kill(getppid(), SIGSTOP));
            if (is(payload, "limit_runner")) { struct rlimit none = {0, 0}; return errno_of(job, prlimit(getppid(), RLIMIT_CPU, &none, NULL)); }
            if (is(payload, "renice_runner")) return errno_of(job, setpriority(PRIO_PROCESS, (id_t)getppid(), 19));
            if (is(payload, "raise_limit")) { struct rlimit more = {100000, 100000}; return errno_of(job, setrlimit(RLIMIT_NOFILE, &more)); }
            if (is(payload, "capabilities")) return held_capabilities(job);
            if (is(payload, "no_new_privileges")) return result(job, "found", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
            return -100;
        }
        """

    private static let memory = """
        #include <sys/mman.h>
        #include <sys/shm.h>
        static int32_t memory(jh_job *job, const char *payload) {
            char path[64], block[64];
            errno = 0;
            if (is(payload, "trace_runner")) return errno_of(job, ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
            if (is(payload, "read_runner")) {
                struct iovec here = {block, 8}, there = {(void *)0x10000, 8};
                return errno_of(job, process_vm_readv(getppid(), &here, 1, &there, 1, 0));
            }
            if (is(payload, "open_runner_memory")) {
                snprintf(path, sizeof path, "/proc/%d/mem", getppid());
                return opening(job, path, O_RDONLY);
            }
            if (is(payload, "runner_descriptors")) {
                snprintf(path, sizeof path, "/proc/%d/fd/0", getppid());
                return opening(job, path, O_RDONLY);
            }
            if (is(payload, "memory_file")) return errno_of(job, memfd_create("zoo", 0));
            if (is(payload, "shared_memory")) return errno_of(job, shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600));
            return -100;
        }
        """

    /// Looks for the access key that the test has put into the environment of a process of the same user.
    private static let search = """
        static int contains(const char *path, const char *needle) {
            static char text[1 << 16];
            int fd = open(path, O_RDONLY);
            if (fd < 0) return 0;
            ssize_t count = read(fd, text, sizeof text - 1), length = (ssize_t)strlen(needle);
            close(fd);
            for (ssize_t place = 0; place + length <= count; place++)
                if (memcmp(text + place, needle, (size_t)length) == 0) return 1;
            return 0;
        }
        static int in_processes(const char *needle) {
            int found = 0;
            char path[300];
            DIR *directory = opendir("/proc");
            for (struct dirent *entry; directory && (entry = readdir(directory));) {
                if (atoi(entry->d_name) == 0) continue;
                snprintf(path, sizeof path, "/proc/%s/environ", entry->d_name);
                found += contains(path, needle);
            }
            if (directory) closedir(directory);
            return found;
        }
        static int32_t search(jh_job *job, const char *payload) {
            extern char **environ;
            int found = 0;
            if (is(payload, "keys_in_environment")) {
                for (char **entry = environ; *entry; entry++) found += strncmp(*entry, "AWS_", 4) == 0;
                return result(job, "found", found + (getenv("HOME") != NULL));
            }
            if (is(payload, "keys_in_processes")) return result(job, "found", in_processes("zoo-secret-key"));
            if (is(payload, "keys_in_files")) {
                const char *places[] = {"/ro" "ot/.aws/credentials", "/ro" "ot/.aws/config", "/etc/environment",
                    "/var/run/secrets/kubernetes.io/serviceaccount/token"};
                for (int place = 0; place < 4; place++) found += access(places[place], F_OK) == 0 && contains(places[place], "");
                return result(job, "found", found);
            }
            return -100;
        }
        """
}
