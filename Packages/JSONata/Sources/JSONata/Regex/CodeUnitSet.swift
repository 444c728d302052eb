/// A set of UTF-16 code units, as sorted ranges that neither touch nor overlap.
///
/// Patterns without the `u` flag match code units, not characters (ECMA-262 §22.2.2), so this is what a class is.
struct CodeUnitSet: Sendable, Equatable {
    private(set) var ranges: [ClosedRange<UInt16>]

    init(_ ranges: [ClosedRange<UInt16>] = []) {
        self.ranges = Self.normalized(ranges)
    }

    init(_ unit: UInt16) { ranges = [unit...unit] }

    func contains(_ unit: UInt16) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if unit < ranges[middle].lowerBound {
                high = middle
            } else if unit > ranges[middle].upperBound {
                low = middle + 1
            } else {
                return true
            }
        }
        return false
    }

    mutating func insert(_ range: ClosedRange<UInt16>) { self = CodeUnitSet(ranges + [range]) }

    func union(_ other: CodeUnitSet) -> CodeUnitSet { CodeUnitSet(ranges + other.ranges) }

    var inverted: CodeUnitSet {
        var gaps: [ClosedRange<UInt16>] = []
        var next = 0
        for range in ranges {
            if next < Int(range.lowerBound) { gaps.append(UInt16(next)...(range.lowerBound - 1)) }
            next = Int(range.upperBound) + 1
        }
        if next <= 0xFFFF { gaps.append(UInt16(next)...0xFFFF) }
        return CodeUnitSet(gaps)
    }

    /// Whether all of `range` belongs to the set.
    func covers(_ range: ClosedRange<UInt16>) -> Bool {
        ranges.contains { $0.lowerBound <= range.lowerBound && $0.upperBound >= range.upperBound }
    }

    func intersects(_ range: ClosedRange<UInt16>) -> Bool { ranges.contains { $0.overlaps(range) } }

    private static func normalized(_ ranges: [ClosedRange<UInt16>]) -> [ClosedRange<UInt16>] {
        var merged: [ClosedRange<UInt16>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, Int(range.lowerBound) <= Int(last.upperBound) + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }
}

/// The classes with a name (ECMA-262 §22.2.2.9).
extension CodeUnitSet {
    static let digits = CodeUnitSet([0x30...0x39])
    static let word = CodeUnitSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let lineTerminators = CodeUnitSet([0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029])
    static let space = CodeUnitSet([
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])
    /// What `.` matches without the `s` flag.
    static let dot = lineTerminators.inverted
    static let everything = CodeUnitSet([0...0xFFFF])
}
