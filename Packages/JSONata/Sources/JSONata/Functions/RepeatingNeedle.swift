/// Searching for a text that repeats parts of itself (Knuth, Morris and Pratt): no byte of what is searched is looked at
/// more than twice.
struct RepeatingNeedle {
    private let needle: UnsafeBufferPointer<UInt8>
    /// For each prefix of the needle, the length of the longest shorter one that it ends with.
    private let borders: [Int32]

    init(_ needle: UnsafeBufferPointer<UInt8>) {
        self.needle = needle
        var borders = [Int32](repeating: 0, count: needle.count)
        var length = 0
        for at in needle.indices.dropFirst() {
            while length > 0, needle[at] != needle[length] { length = Int(borders[length - 1]) }
            if needle[at] == needle[length] { length += 1 }
            borders[at] = Int32(truncatingIfNeeded: length)
        }
        self.borders = borders
    }

    func find(in text: UnsafeBufferPointer<UInt8>, from: Int) -> Int? {
        var length = 0
        var at = from
        while at < text.count {
            while length > 0, text[at] != needle[length] { length = Int(borders[length - 1]) }
            if text[at] == needle[length] { length += 1 }
            at += 1
            if length == needle.count { return at - length }
        }
        return nil
    }
}
