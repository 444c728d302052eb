import Storage
import StorageTestSupport

/// How long reading one account with its secrets takes, in a small and in a large database.
///
/// Both are read in turns, so that whatever else the machine does meets both alike.
struct LookupBench {
    /// How much slower the large one may be, at the 99th percentile.
    private static let allowed = 1.5
    private static let block = 500

    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    /// Prints the figures; whether every store keeps the limit.
    func run() async throws -> Bool {
        var isGood = true
        print("Look-ups of one account with its secrets, µs; \(options.turns) in each database")
        for kind in options.stores {
            try await kind.withDatabase { small in
                try await kind.withDatabase { large in
                    let ratio = try await compare(kind, small, large)
                    isGood = isGood && ratio <= Self.allowed
                }
            }
        }
        return isGood
    }

    private func compare(_ kind: StoreKind, _ small: String, _ large: String) async throws -> Double {
        let few = try await filled(kind, small, options.small)
        let many = try await filled(kind, large, options.large)
        defer {
            try? few.close()
            try? many.close()
        }
        // The first round warms up and is not counted.
        var times: [[Double]] = [[], []]
        for round in 0...options.turns / Self.block {
            for (at, (store, count)) in [(few, options.small), (many, options.large)].enumerated() {
                for _ in 0..<Self.block {
                    let took = try await lookup(store, Int.random(in: 1...count))
                    if round > 0 { times[at].append(took) }
                }
            }
        }
        let sorted = times.map { $0.sorted() }
        for (count, times) in zip([options.small, options.large], sorted) {
            print("\(kind.rawValue) \(count) accounts: p50 \(at(50, times)) p99 \(at(99, times)) p99.9 \(at(99.9, times))")
        }
        let ratio = at(99, sorted[1]) / at(99, sorted[0])
        print("\(kind.rawValue) p99 of the large over the small: \((ratio * 100).rounded() / 100), allowed \(Self.allowed)")
        return ratio
    }

    private func filled(_ kind: StoreKind, _ address: String, _ count: Int) async throws -> SQLStore {
        try await Subject.open(address).close()
        try await Filling(kind: kind, address: address).run(count)
        return try await Subject.reopen(address)
    }

    /// Microseconds.
    private func lookup(_ store: SQLStore, _ number: Int) async throws -> Double {
        let id = Filling.id(number)
        let start = ContinuousClock.now
        let found = try await store.account(id, environment: Subject.environment)
        let took = ContinuousClock.now - start
        guard found?.secrets?.ownerID == id else { throw NotFound(id: id) }
        return took / .microseconds(1)
    }

    private func at(_ percentile: Double, _ sorted: [Double]) -> Double {
        (sorted[min(Int(Double(sorted.count) * percentile / 100), sorted.count - 1)] * 10).rounded() / 10
    }

    struct NotFound: Error { var id: String }
}
