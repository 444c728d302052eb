import Crypto
import Encodings

/// Keeps the text of a body; long runs of base64 in it are decoded into the spool as they come.
///
/// In the text stands, instead of such a run, a name by which `file(named:)` finds the bytes. So a request with a file
/// of any size takes little memory.
struct TextCollector {
    /// A run shorter than this stays in the text.
    static let runBytes = 32 * 1024

    /// A file found in the text; nil where the run was no base64 after all.
    struct Found: Sendable {
        var size: Int
        var sha256: String
        var file: SpooledFile?
    }

    private(set) var text: [UInt8] = []
    private(set) var files: [Found] = []
    /// Text was left out because there was too much of it.
    private(set) var isCut = false

    private let spool: FileSpool
    private let mark: String
    private var run = 0
    private var decoder: Base64Sink?

    private static let isDigit: [Bool] = (0..<256).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    init(spool: FileSpool, mark: String) {
        self.spool = spool
        self.mark = mark
    }

    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        var at = 0
        Self.isDigit.withUnsafeBufferPointer { isDigit in
            while at < bytes.count {
                let start = at
                let wasRun = run > 0 || decoder != nil
                while at < bytes.count, isDigit[Int(bytes[at])] { at += 1 }
                take(UnsafeRawBufferPointer(rebasing: bytes[start..<at]), continues: wasRun)
                guard at < bytes.count else { return }
                endRun()
                let other = at
                while at < bytes.count, !isDigit[Int(bytes[at])] { at += 1 }
                append(UnsafeRawBufferPointer(rebasing: bytes[other..<at]))
            }
        }
    }

    mutating func end() { endRun() }

    /// The file that a text names; nil for another text.
    func file(named text: String) -> Found? {
        guard text.hasPrefix(mark), let index = Int(text.dropFirst(mark.count)), index < files.count else { return nil }
        return files[index]
    }

    mutating func releaseFiles() {
        decoder = nil
        for at in files.indices { files[at].file = nil }
    }

    mutating func trim(to count: Int) {
        if text.count > count { text = Array(text.prefix(count)) }
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer, continues: Bool) {
        guard !bytes.isEmpty else { return }
        if decoder != nil {
            decoder?.feed(bytes)
            return
        }
        append(bytes)
        run += bytes.count
        guard run >= Self.runBytes, text.count >= run else { return }
        var fresh = Base64Sink(spool)
        text.suffix(run).withUnsafeBytes { fresh.feed($0) }
        text.removeLast(run)
        decoder = fresh
    }

    private mutating func endRun() {
        run = 0
        guard let found = decoder?.finish() else { return }
        decoder = nil
        text.append(contentsOf: "\(mark)\(files.count)".utf8)
        files.append(found)
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) {
        let room = Exchange.maxTextBytes - text.count
        if bytes.count > room { isCut = true }
        text.append(contentsOf: bytes.prefix(max(0, room)))
    }
}

/// Decodes base64 (RFC 4648 §4 and §5) into a file, piece by piece: `Encodings` reads texts that are held whole.
struct Base64Sink {
    private static let values: [UInt8] = {
        var out = [UInt8](repeating: 255, count: 256)
        for (at, byte) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
            out[Int(byte)] = UInt8(at)
        }
        out[Int(UInt8(ascii: "-"))] = 62
        out[Int(UInt8(ascii: "_"))] = 63
        return out
    }()

    private let writer: SpoolWriter
    private var hash = SHA256()
    private var size = 0
    private var bits: UInt32 = 0
    private var digits = 0
    private var padding = 0
    private var isBroken = false

    init(_ spool: FileSpool) { writer = SpoolWriter(spool) }

    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        guard !isBroken else { return }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count / 4 * 3 + 3)
        Self.values.withUnsafeBufferPointer { values in
            for byte in bytes {
                if byte == UInt8(ascii: "=") {
                    padding += 1
                    continue
                }
                let value = values[Int(byte)]
                if value == 255 || padding > 0 {
                    isBroken = true
                    return
                }
                bits = bits << 6 | UInt32(value)
                digits += 1
                if digits == 4 {
                    out.append(UInt8(truncatingIfNeeded: bits >> 16))
                    out.append(UInt8(truncatingIfNeeded: bits >> 8))
                    out.append(UInt8(truncatingIfNeeded: bits))
                    bits = 0
                    digits = 0
                }
            }
        }
        write(out)
    }

    mutating func finish() -> TextCollector.Found {
        switch digits {
        case 2: write([UInt8(truncatingIfNeeded: bits >> 4)])
        case 3: write([UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)])
        case 1: isBroken = true
        default: break
        }
        let isGood = !isBroken && (padding == 0 || padding == (4 - digits) % 4)
        return TextCollector.Found(
            size: size, sha256: Hex.text(hash.finalize()), file: isGood ? writer.finish() : nil)
    }

    private mutating func write(_ bytes: [UInt8]) {
        size += bytes.count
        bytes.withUnsafeBytes { bytes in
            hash.update(bufferPointer: bytes)
            writer.write(bytes)
        }
    }
}
