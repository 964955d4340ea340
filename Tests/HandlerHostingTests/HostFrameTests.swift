import HostProtocol
import Testing

@Suite("Host protocol")
struct HostFrameTests {
    static let frames: [HostFrame] = [
        .hello(
            HostHello(
                runnerVersion: "1.4.0", libraryPath: "/h/lib.so", libraryIsDescriptor: true, handlerName: "h",
                handlerVersion: "1.0.0", config: Array("{}".utf8), dataLimitBytes: .max, fileLimitBytes: 5,
                openFiles: 64,
                denyNetwork: true, denyProcesses: false, readPaths: ["/a", "/b"], writePaths: ["/c"],
                requiresConfinement: true, checkpointLimitBytes: 1, keyValueLimitBytes: 2)),
        .ready(
            HostReady(
                abiMajor: 1, minHostMinor: 0, sdk: "c", pid: 4711,
                layers: [HostLayer(kind: .files, isOn: false, errno: 95, detail: 7)])),
        .refused(HostRefusal(code: "x", message: "é", isPassing: true)),
        .run(
            HostRun(
                run: 7, jobID: "j", attempt: 2, payload: Array("{}".utf8), inputs: ["csv", "schema"],
                outputs: [HostRun.Output(name: "o", contentType: "text/csv")], outputDirectory: "/s/out",
                scratchDirectory: "/s/work", deadlineNanoseconds: .max, outputLimitBytes: 1)),
        .cancel(run: 7), .alive(run: 7), .bye, .probe, .probed([HostLayer(kind: .systemCalls, isOn: true)]),
        .log(HostLog(run: 0, level: 3, message: "m", fields: [HostLog.Field(key: "k", value: "v")])),
        .progress(run: 7, fraction: 0.25, note: "n"),
        .stateRequest(HostStateRequest(run: 7, number: 1, operation: .putCheckpoint([1, 2]))),
        .stateRequest(HostStateRequest(run: 7, number: 2, operation: .getCheckpoint)),
        .stateRequest(HostStateRequest(run: 7, number: 3, operation: .putValue(key: "k", [3]))),
        .stateRequest(HostStateRequest(run: 7, number: 4, operation: .putValue(key: "k", nil))),
        .stateRequest(HostStateRequest(run: 7, number: 5, operation: .getValue(key: "k"))),
        .stateReply(HostStateReply(number: 1, answer: .done)),
        .stateReply(HostStateReply(number: 2, answer: .value([4]))),
        .stateReply(HostStateReply(number: 3, answer: .overLimit)),
        .metric(
            HostMetric(run: 7, kind: 2, name: "n", value: 0.5, labels: [HostLog.Field(key: "k", value: "v")])),
        .finished(
            HostFinish(
                run: 7, status: -1, code: "c", message: "m", details: [0x7B, 0x7D], retryAfterMilliseconds: -1,
                result: [0x6E],
                outputs: [HostFinish.Output(name: "o", sizeBytes: 9, contentType: "t")], peakMemoryBytes: 5,
                droppedLogLines: 2)),
    ]

    @Test("Every frame reads back as it was written", arguments: frames)
    func roundTrip(_ frame: HostFrame) throws {
        #expect(try HostFrame(decoding: frame.encoded()) == frame)
    }

    @Test("A frame cut short anywhere is refused", arguments: frames)
    func truncated(_ frame: HostFrame) {
        let bytes = frame.encoded()
        for count in 0..<bytes.count {
            #expect(throws: FrameFault.self) { try HostFrame(decoding: Array(bytes[..<count])) }
        }
    }

    @Test("Bytes after a frame are refused", arguments: frames)
    func trailing(_ frame: HostFrame) {
        #expect(throws: FrameFault.trailingBytes(1)) { try HostFrame(decoding: frame.encoded() + [0]) }
    }

    @Test("Damaged frames are read or refused, never followed", arguments: frames)
    func damaged(_ frame: HostFrame) throws {
        let bytes = frame.encoded()
        for place in bytes.indices {
            for byte: UInt8 in [0x00, 0x7F, 0x80, 0xFF] {
                var damaged = bytes
                damaged[place] = byte
                do throws(FrameFault) {
                    // What still reads as a frame is one: it writes back to the same bytes.
                    #expect(try HostFrame(decoding: damaged).encoded() == damaged)
                } catch {
                    #expect(!error.description.isEmpty)
                }
            }
        }
    }

    @Test("Kinds, texts, flags, fractions and versions are checked")
    func values() {
        #expect(throws: FrameFault.unknownKind(99)) { try HostFrame(decoding: [99]) }
        #expect(throws: FrameFault.invalidText) { try HostFrame(decoding: [3, 1, 0, 0, 0, 0xFF]) }
        let flag = HostFrame.refused(HostRefusal(code: "", message: "", isPassing: false)).encoded().dropLast() + [2]
        #expect(throws: FrameFault.invalidValue(field: "isPassing")) { try HostFrame(decoding: Array(flag)) }
        let late = HostFrame.progress(run: 1, fraction: 1.5, note: "").encoded()
        #expect(throws: FrameFault.invalidValue(field: "fraction")) { try HostFrame(decoding: late) }
        #expect(throws: FrameFault.version(found: 9)) { try HostFrame(decoding: [1, 9, 0, 0, 0]) }
    }

    @Test("A list that claims more than the frame holds is refused before room is made for it")
    func hugeList() {
        let bytes: [UInt8] = [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F]
        #expect(throws: FrameFault.self) { try HostFrame(decoding: bytes) }
    }

    @Test("Frames of any size go through packets", arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
    func packets(_ size: Int) throws {
        let frame = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        let packets = try FramePackets.split(frame)
        #expect(packets.allSatisfy { $0.count <= FramePackets.packetBytes + 1 })
        var joiner = FramePackets.Joiner()
        for packet in packets.dropLast() { #expect(try joiner.add(packet) == nil) }
        #expect(try joiner.add(try #require(packets.last)) == frame)
    }

    @Test("Packets that make no frame are refused")
    func badPackets() {
        var joiner = FramePackets.Joiner()
        #expect(throws: FrameFault.self) { try joiner.add([]) }
        #expect(throws: FrameFault.self) { try joiner.add([2, 0]) }
        #expect(throws: FrameFault.tooLarge(limit: FramePackets.frameLimit)) {
            try FramePackets.split([UInt8](repeating: 0, count: FramePackets.frameLimit + 1))
        }
        #expect(throws: FrameFault.tooLarge(limit: FramePackets.frameLimit)) {
            for _ in 0...130 { _ = try joiner.add([1] + [UInt8](repeating: 0, count: FramePackets.packetBytes)) }
        }
    }
}
