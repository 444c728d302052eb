import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A zone of the IANA database, from the system's files: `TZDIR`, or `/usr/share/zoneinfo`.
final class ZoneRules: Sendable, Equatable {
    struct Period: Sendable {
        /// Minutes east of UTC.
        var offset: Int
        var abbreviation: String
    }

    let name: String
    /// When each period but the first begins, in seconds since 1970.
    private let starts: [Int]
    private let periods: [Period]
    /// What holds after the last of them.
    private let tail: ZoneTail?

    init(name: String, file: ZoneFile) {
        self.name = name
        (starts, periods, tail) = (file.starts, file.periods, file.tail)
    }

    static func == (a: ZoneRules, b: ZoneRules) -> Bool { a.name == b.name }

    /// The period that holds a moment, in seconds since 1970.
    func period(at second: Int) -> Period {
        if let tail, second >= starts.last ?? .min { return tail.period(at: second) }
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= second { low = middle + 1 } else { high = middle }
        }
        return periods[low]
    }

    /// Zones that were asked for; only names that exist are kept, some 600.
    private static let known = Mutex<[String: ZoneRules]>([:])

    /// A zone by its name in the database; nil if it has none such, or if the system has no database.
    static func named(_ name: String) -> ZoneRules? {
        if let rules = known.withLock({ $0[name] }) { return rules }
        // A name is part of a path: letters, digits and a few signs, and never a way out of the folder.
        let bytes = Array(name.utf8)
        guard (1...64).contains(bytes.count), bytes[0] | 0x20 >= 0x61, bytes[0] | 0x20 <= 0x7A,
            bytes.allSatisfy({ $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || "/_+-".utf8.contains($0) })
        else { return nil }
        var folders = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/etc/zoneinfo"]
        if let given = getenv("TZDIR") { folders.insert(String(cString: given), at: 0) }
        for folder in folders {
            guard let bytes = contents(of: folder + "/" + name), let file = ZoneFile(bytes) else { continue }
            let rules = ZoneRules(name: name, file: file)
            known.withLock { $0[name] = rules }
            return rules
        }
        return nil
    }

    private static func contents(of path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        // The largest zones have a few kilobytes.
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&bytes, 1, bytes.count, file)
        return count > 0 ? Array(bytes[..<count]) : nil
    }
}
