/// A set of byte values, as a bitmap of 256 bits.
///
/// The analysis of a pattern works on these: which bytes may begin a match, and which may follow a loop.
struct ByteSet: Sendable, Equatable {
    private var w0: UInt64, w1: UInt64, w2: UInt64, w3: UInt64

    static let none = ByteSet(0, 0, 0, 0)
    static let all = ByteSet(.max, .max, .max, .max)

    private init(_ w0: UInt64, _ w1: UInt64, _ w2: UInt64, _ w3: UInt64) {
        (self.w0, self.w1, self.w2, self.w3) = (w0, w1, w2, w3)
    }

    init(_ byte: UInt8) {
        self = .none
        insert(byte)
    }

    mutating func insert(_ byte: UInt8) {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: w0 |= bit
        case 1: w1 |= bit
        case 2: w2 |= bit
        default: w3 |= bit
        }
    }

    func contains(_ byte: UInt8) -> Bool {
        let word =
            switch byte >> 6 {
            case 0: w0
            case 1: w1
            case 2: w2
            default: w3
            }
        return word >> UInt64(byte & 63) & 1 != 0
    }

    func union(_ other: ByteSet) -> ByteSet {
        ByteSet(w0 | other.w0, w1 | other.w1, w2 | other.w2, w3 | other.w3)
    }

    func isDisjoint(with other: ByteSet) -> Bool {
        (w0 & other.w0) | (w1 & other.w1) | (w2 & other.w2) | (w3 & other.w3) == 0
    }

    var count: Int { w0.nonzeroBitCount + w1.nonzeroBitCount + w2.nonzeroBitCount + w3.nonzeroBitCount }

    /// The members in ascending order.
    var members: [UInt8] { (0...255).map { UInt8($0) }.filter(contains) }
}
