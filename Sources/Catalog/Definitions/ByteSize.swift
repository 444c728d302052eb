/// A number of bytes as people write it: `30MB`, `5 GiB`, `1048576`.
///
/// `kB`, `MB`, `GB` are powers of 1000 and `KiB`, `MiB`, `GiB` powers of 1024 (IEC 80000-13).
package enum ByteSize {
    private static let units: [(suffix: String, factor: Int)] = [
        ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("kb", 1000), ("mb", 1_000_000), ("gb", 1_000_000_000),
        ("b", 1),
    ]

    /// Reads a size; nil where the text is none, is negative or does not fit.
    package static func parse(_ text: String) -> Int? {
        let lower = text.lowercased().filter { $0 != " " }
        let unit = units.first { lower.hasSuffix($0.suffix) }
        let digits = lower.dropLast(unit?.suffix.count ?? 0)
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let number = Double(digits)
        else { return nil }
        return Int(exactly: (number * Double(unit?.factor ?? 1)).rounded())
    }

    /// The size for a message, in the unit that keeps it short: `30 MB`.
    package static func text(_ bytes: Int) -> String {
        for (name, factor) in [
            ("GiB", 1 << 30), ("GB", 1_000_000_000), ("MiB", 1 << 20), ("MB", 1_000_000), ("KiB", 1 << 10), ("kB", 1000),
        ] where bytes >= factor && bytes % factor == 0 {
            return "\(bytes / factor) \(name)"
        }
        return "\(bytes) bytes"
    }
}
