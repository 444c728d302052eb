/// The text that an object was read from, kept by the second word of its header: so that a record can be passed on byte
/// for byte.
extension Value {
    /// Notes where the text of an object begins. The text must live as long as the object, and be padded.
    @inline(__always)
    static func setSource(_ text: UnsafePointer<UInt8>, of members: UnsafeMutablePointer<Member>) {
        (UnsafeMutableRawPointer(members) - 8).storeBytes(of: UInt64(UInt(bitPattern: text)), as: UInt64.self)
    }

    /// Whether the object was read and not made. To find where its text ends takes a look at all of it; this does not.
    @_spi(Engine) public var hasSource: Bool {
        assert(tag == .object)
        return (pointer - 8).load(as: UInt64.self) != 0
    }

    /// The text of an object that was read; nil for one that was made.
    @_spi(Engine) public var source: UnsafeBufferPointer<UInt8>? {
        assert(tag == .object)
        let word = (pointer - 8).load(as: UInt64.self)
        guard let start = UnsafePointer<UInt8>(bitPattern: UInt(word)) else { return nil }
        return UnsafeBufferPointer(start: start, count: Self.end(of: start) - start)
    }

    /// Behind the bracket that closes the container which begins at `start`. Its text was read before and is valid.
    private static func end(of start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
        var at = start
        var depth = 0
        while true {
            switch at.pointee {
            case UInt8(ascii: "\""): at = endOfString(at + 1)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                at += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                at += 1
                if depth == 0 { return at }
            default: at += 1
            }
        }
    }

    @inline(__always)
    private static func endOfString(_ from: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
        var at = from
        while true {
            let special = WordScan.special(WordScan.load(at))
            if special == 0 {
                at += 8
                continue
            }
            at += WordScan.index(special)
            if at.pointee == UInt8(ascii: "\"") { return at + 1 }
            at += 2
        }
    }
}
