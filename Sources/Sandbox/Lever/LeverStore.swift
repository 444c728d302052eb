import Crypto
import JSON
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the pretend Lever holds.
final class LeverStore: Sendable {
    struct State: Sendable {
        var users: [LeverUser] = []
        /// In the order of their creation.
        var opportunities: [LeverOpportunity] = []
        var uploads: [LeverUpload] = []
        var applications: [LeverApplication] = []

        /// The opportunity's place; an old candidate id is the id of its opportunity.
        func place(of opportunity: String) -> Int? { opportunities.firstIndex { $0.id == opportunity } }
    }

    private let state: Mutex<State>
    private let core: SandboxCore

    init(core: SandboxCore) {
        self.core = core
        state = Mutex(Self.seeded(core))
    }

    func read<T: Sendable>(_ work: (State) -> T) -> T { state.withLock { work($0) } }

    func change<T: Sendable>(_ work: (inout State) throws(LeverError) -> T) throws(LeverError) -> T {
        try state.withLock { (state) throws(LeverError) in try work(&state) }
    }

    func reset() { state.withLock { $0 = Self.seeded(core) } }

    static func newID() -> String { UUID().uuidString.lowercased() }

    /// A document with these bytes.
    static func document(
        id: String = newID(), name: String, bytes: [UInt8], type: String?, at time: Int64, core: SandboxCore
    ) -> LeverDocument {
        LeverDocument(
            id: id, name: name, contentType: type, sha256: Hex.text(SHA256.hash(data: bytes)), uploadedAt: time,
            bytes: .holding(bytes, in: core.spool)
        )
    }

    private static func seeded(_ core: SandboxCore) -> State {
        let time = LeverSeed.createdAt
        var state = State()
        state.users = [
            LeverUser(id: LeverSeed.performAs, name: "Sandbox Recruiter", email: "recruiter@sandbox.example"),
            LeverUser(
                id: LeverSeed.deactivatedUser, name: "Sandbox Leaver", email: "leaver@sandbox.example",
                deactivatedAt: time
            ),
        ]
        let ids = [LeverSeed.opportunity, LeverSeed.opportunityWithFiles, LeverSeed.confidentialOpportunity]
        state.opportunities = ids.enumerated().map { index, id in
            LeverOpportunity(
                id: id, contact: "33333333-3333-4333-8333-33333333333\(index + 1)",
                name: "Sandbox Candidate \(index + 1)", emails: ["candidate\(index + 1)@sandbox.example"],
                owner: LeverSeed.performAs, createdAt: time + Int64(index) * 1000
            )
        }
        state.opportunities[2].isConfidential = true
        state.opportunities[1].files = [
            document(
                id: "55555555-5555-4555-8555-555555555551", name: "Portfolio.pdf", bytes: Array("%PDF-1.4 portfolio\n".utf8),
                type: "application/pdf", at: time, core: core
            )
        ]
        state.opportunities[1].resumes = [
            document(
                id: "55555555-5555-4555-8555-555555555552", name: "Resume.pdf", bytes: Array("%PDF-1.4 resume\n".utf8),
                type: "application/pdf", at: time, core: core
            )
        ]
        return state
    }
}

/// An application made through `POST /v1/postings/:posting/apply`.
struct LeverApplication: Sendable {
    var id: String
    var posting: String
    var opportunity: String
}
