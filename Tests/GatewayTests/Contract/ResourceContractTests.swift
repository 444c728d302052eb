import Testing

/// The same rows for every resource of every sandbox of the catalog, over sockets. What is asked of a vendor is read from
/// its definition, never from its name. Files have rows of their own: `ContractTests`.
@Suite(.serialized) struct ResourceContractTests {
    /// How many vendors run at once.
    private static let width = 4

    @Test func `every resource lists, pages, filters, reads and writes as its definition says`() async throws {
        // A test run takes one suite after the other; these wait for each other's sockets more than they compute.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (at, vendor) in ContractTests.vendors.enumerated() {
                if at >= Self.width { try await group.next() }
                group.addTask {
                    do {
                        try await VendorContract.run(vendor) { contract in
                            var resources = try ResourceContract(contract)
                            try await resources.check()
                        }
                    } catch {
                        Issue.record("\(vendor): \(error)")
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
