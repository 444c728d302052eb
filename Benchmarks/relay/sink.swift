// A provider that costs next to nothing: it takes any body without looking at it and answers like one that stored a file.
// A GET gets so many bytes. With a file of JSON every request gets that.
// swiftc -O sink.swift -o sink; ./sink PORT [BYTES-PER-SECOND [DOWNLOAD-BYTES | JSON-FILE]]
import Glibc

let port = UInt16(CommandLine.arguments[1])!
let rate = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2])! : 0
let download = CommandLine.arguments.count > 3 ? CommandLine.arguments[3] : "0"
let page: [UInt8]? = Int(download) == nil ? contents(of: download) : nil
let downloadBytes = Int(download) ?? 0

let document = #"{"data":{"id":"5f0e2a9c-resume.pdf","filename":"resume.pdf","uri":"https://files.example/5f0e2a9c","uploadedAt":1700000000000,"status":"processed","size":20000,"parsed":null}}"#
let answer = Array("HTTP/1.1 201 Created\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: \(document.utf8.count)\r\n\r\n\(document)".utf8)
let zeros = [UInt8](repeating: 0, count: 256 << 10)

func contents(of path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { fatalError("no file \(path)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        let count = fread(&block, 1, block.count, file)
        guard count > 0 else { return bytes }
        bytes += block[..<count]
    }
}

func send(_ fd: Int32, _ bytes: [UInt8], _ count: Int) -> Bool {
    var at = 0
    while at < count {
        let sent = bytes.withUnsafeBytes { Glibc.send(fd, $0.baseAddress! + at, count - at, Int32(MSG_NOSIGNAL)) }
        guard sent > 0 else { return false }
        at += sent
    }
    return true
}

func serve(_ fd: Int32) {
    defer { close(fd) }
    var held: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let end = Array("\r\n\r\n".utf8)
    while true {
        var headEnd: Int?
        while headEnd == nil {
            if held.count >= 4 {
                for at in 0...(held.count - 4) where held[at] == 13 && Array(held[at..<at + 4]) == end {
                    headEnd = at + 4
                    break
                }
            }
            if headEnd != nil { break }
            let count = recv(fd, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            held += buffer[..<count]
        }
        let head = String(decoding: held[..<headEnd!], as: UTF8.self).lowercased()
        var left = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        held.removeFirst(headEnd!)
        if head.contains("transfer-encoding: chunked") {
            let last = Array("0\r\n\r\n".utf8)
            while !held.suffix(5).elementsEqual(last) {
                let count = recv(fd, &buffer, buffer.count, 0)
                guard count > 0 else { return }
                held = held.suffix(5) + buffer[..<count]
            }
            held = []
        } else {
            let already = min(left, held.count)
            held.removeFirst(already)
            left -= already
            while left > 0 {
                // MSG_TRUNC throws the bytes away without copying them (tcp(7)).
                let slice = rate > 0 ? min(left, rate / 10) : min(left, 1 << 20)
                let count = recv(fd, nil, slice, Int32(MSG_TRUNC))
                guard count > 0 else { return }
                left -= count
                if rate > 0 { usleep(UInt32(count * 1_000_000 / rate)) }
            }
        }
        if let page {
            let start = "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: \(page.count)\r\n\r\n"
            guard send(fd, Array(start.utf8), start.utf8.count), send(fd, page, page.count) else { return }
        } else if head.hasPrefix("get") {
            let start = Array("HTTP/1.1 200 OK\r\ncontent-type: application/pdf\r\ncontent-length: \(downloadBytes)\r\n\r\n".utf8)
            guard send(fd, start, start.count) else { return }
            var left = downloadBytes
            while left > 0 {
                let count = min(left, zeros.count)
                guard send(fd, zeros, count) else { return }
                left -= count
            }
        } else {
            guard send(fd, answer, answer.count) else { return }
        }
    }
}

let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
var one: Int32 = 1
setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
if rate > 0 {
    // A slow provider also has a small window, or the kernel would take the file for it.
    var small: Int32 = 16 << 10
    setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, socklen_t(MemoryLayout<Int32>.size))
}
var address = sockaddr_in()
address.sin_family = sa_family_t(AF_INET)
address.sin_port = port.bigEndian
address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
let bound = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
}
guard bound == 0, listen(listener, 4096) == 0 else { fatalError("cannot listen on \(port)") }
var attributes = pthread_attr_t()
pthread_attr_init(&attributes)
pthread_attr_setstacksize(&attributes, 256 << 10)
pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
while true {
    let fd = accept(listener, nil, nil)
    guard fd >= 0 else { continue }
    setsockopt(fd, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    var thread = pthread_t()
    pthread_create(&thread, &attributes, { argument in
        serve(Int32(Int(bitPattern: argument)))
        return nil
    }, UnsafeMutableRawPointer(bitPattern: Int(fd) | 0))
}
