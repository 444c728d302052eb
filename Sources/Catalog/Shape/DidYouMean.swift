/// Finds the name that a misspelt one was probably meant to be.
package enum DidYouMean {
    /// ` (did you mean 'x'?)`, or nothing where no candidate is near.
    package static func hint(_ name: String, among candidates: [String]) -> String {
        nearest(name, among: candidates).map { " (did you mean '\($0)'?)" } ?? ""
    }

    /// The candidate within about a third of the name's length in edits, the nearest first.
    package static func nearest(_ name: String, among candidates: [String]) -> String? {
        let allowed = max(1, (name.count + 1) / 3)
        return candidates.map { ($0, distance(Array(name.lowercased()), Array($0.lowercased()))) }
            .filter { $0.1 <= allowed }
            .min { $0.1 < $1.1 }?.0
    }

    /// Levenshtein distance, with a transposition counted as one edit.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var best = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
