// Requests at a constant rate, as wrk2 sends them: a late response delays no later request in the count of latencies.
// A program without an interpreter's lock, so that its own threads add nothing to what it measures.
// swiftc -O paced.swift -o paced; ./paced PORT RATE SECONDS CONNECTIONS REQUEST-FILE
// Prints the median and the 99th percentile of the latency in milliseconds. A latency counts from the moment at which the
// request was due, also where its connection was still busy then. A response must be a 200 with a content-length.
import Glibc

let arguments = CommandLine.arguments
guard arguments.count == 6 else { fatalError("usage: paced PORT RATE SECONDS CONNECTIONS REQUEST-FILE") }
let port = UInt16(arguments[1])!
let rate = Double(arguments[2])!
let seconds = Double(arguments[3])!
let connections = Int(arguments[4])!
let request = contents(of: arguments[5])

func contents(of path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { fatalError("no file \(path)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&block, 1, block.count, file)
        guard count > 0 else { return bytes }
        bytes += block[..<count]
    }
}

/// Seconds of the monotonic clock.
func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func sleep(until moment: Double) {
    var time = timespec(tv_sec: Int(moment), tv_nsec: Int((moment - moment.rounded(.down)) * 1e9))
    while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
}

func connected() -> Int32 {
    let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard result == 0 else { fatalError("no connection to port \(port)") }
    var one: Int32 = 1
    setsockopt(fd, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    return fd
}

/// Where the head of a response ends and how many bytes its body has; nil where the head is not whole yet.
func head(of bytes: ArraySlice<UInt8>) -> (end: Int, length: Int)? {
    let blank = Array("\r\n\r\n".utf8)
    guard bytes.count >= 4, let end = (0...(bytes.count - 4)).first(where: { bytes[$0..<$0 + 4].elementsEqual(blank) }) else {
        return nil
    }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).lowercased().split(separator: "\r\n")
    guard lines[0].contains(" 200") else { fatalError("a response was \(lines[0])") }
    guard let length = lines.first(where: { $0.hasPrefix("content-length:") })
        .flatMap({ Int($0.dropFirst(15).drop { $0 == " " }) })
    else { fatalError("a response without a content-length") }
    return (end + 4, length)
}

/// Sends the request and reads its response to the end.
func exchange(_ fd: Int32, _ buffer: inout [UInt8]) {
    guard send(fd, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { fatalError("the connection ended") }
    var held = 0
    var whole: Int?
    while held < whole ?? .max {
        if held == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
        let count = buffer.withUnsafeMutableBytes { recv(fd, $0.baseAddress! + held, $0.count - held, 0) }
        guard count > 0 else { fatalError("the connection ended within a response") }
        held += count
        if whole == nil, let head = head(of: buffer[..<held]) { whole = head.end + head.length }
    }
}

/// What a thread does, and the latencies that it saw, in seconds.
final class Worker: @unchecked Sendable {
    let first: Int
    let start: Double
    var latencies: [Double] = []

    init(first: Int, start: Double) {
        self.first = first
        self.start = start
    }

    func run() {
        let fd = connected()
        defer { close(fd) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        for turn in stride(from: first, to: Int(rate * seconds), by: connections) {
            let due = start + Double(turn) / rate
            sleep(until: due)
            exchange(fd, &buffer)
            latencies.append(now() - due)
        }
    }
}

let start = now() + 0.05
let workers = (0..<connections).map { Worker(first: $0, start: start) }
let threads = workers.map { worker in
    var thread = pthread_t()
    pthread_create(
        &thread, nil,
        { context in
            Unmanaged<Worker>.fromOpaque(context!).takeRetainedValue().run()
            return nil
        }, Unmanaged.passRetained(worker).toOpaque())
    return thread
}
for thread in threads { pthread_join(thread, nil) }
let latencies = workers.flatMap(\.latencies).sorted()
guard latencies.count >= 100 else { fatalError("fewer than 100 requests") }
print(latencies[latencies.count / 2] * 1000, latencies[latencies.count * 99 / 100] * 1000)
