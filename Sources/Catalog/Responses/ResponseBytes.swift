@_spi(Engine) import JSON

/// Bytes of a response that lie still, with `padding` zero bytes behind them.
package struct ResponseBytes: @unchecked Sendable {
    /// Zero bytes that a reader of JSON needs behind the text.
    package static let padding = ValueReader.padding

    let start: UnsafePointer<UInt8>
    let count: Int
    /// Owns the memory. It is never written to again, which makes this `Sendable`.
    let owner: AnyObject

    /// - Parameters:
    ///   - start: `count` bytes and `padding` zeros that stay where they are, unchanged, as long as `owner` lives.
    package init(start: UnsafePointer<UInt8>, count: Int, owner: AnyObject) {
        self.start = start
        self.count = count
        self.owner = owner
    }

    init(_ bytes: [UInt8]) {
        let copy = Copy(bytes)
        self.init(start: copy.start, count: bytes.count, owner: copy)
    }

    var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
    var array: [UInt8] { Array(buffer) }

    private final class Copy {
        let start: UnsafeMutablePointer<UInt8>

        init(_ bytes: [UInt8]) {
            start = .allocate(capacity: bytes.count + ResponseBytes.padding)
            bytes.withUnsafeBufferPointer { if let base = $0.baseAddress { start.update(from: base, count: $0.count) } }
            (start + bytes.count).update(repeating: 0, count: ResponseBytes.padding)
        }

        deinit { start.deallocate() }
    }
}
