/// Text by UTF-16 units, with the searches and slices of JavaScript's strings: what pictures are defined by.
typealias Units = [UInt16]

extension Units {
    /// Where `part` first stands at or after `start`.
    func index(of part: Units, from start: Int = 0) -> Int? {
        var at = Swift.max(start, 0)
        while at + part.count <= count {
            if self[at..<(at + part.count)].elementsEqual(part) { return at }
            at += 1
        }
        return nil
    }

    func lastIndex(of part: Units) -> Int? {
        var at = count - part.count
        while at >= 0 {
            if self[at..<(at + part.count)].elementsEqual(part) { return at }
            at -= 1
        }
        return nil
    }

    /// `slice`: bounds below zero count from the end, none goes beyond.
    func slice(_ from: Int, _ to: Int = .max) -> Units {
        func bound(_ index: Int) -> Int { index < 0 ? Swift.max(count + index, 0) : Swift.min(index, count) }
        let (from, to) = (bound(from), bound(to))
        return from < to ? Units(self[from..<to]) : []
    }

    /// The parts between the places where `separator` stands; with an empty one, each unit.
    func split(by separator: Units) -> [Units] {
        guard !separator.isEmpty else { return isEmpty ? [[]] : map { [$0] } }
        var parts: [Units] = []
        var start = 0
        while let at = index(of: separator, from: start) {
            parts.append(Units(self[start..<at]))
            start = at + separator.count
        }
        parts.append(Units(self[start...]))
        return parts
    }
}
