import Hummingbird
import JSON

/// A pretend vendor: its routes, and what the controls may ask of it.
protocol Vendor: Sendable {
    func addRoutes(to router: Router<SandboxContext>)

    /// What is stored, for `GET /_sandbox/state`.
    var state: JSONValue { get }

    /// Back to the seeds.
    func reset()

    /// Stores things without going through the vendor's API; answers what was made.
    func seed(_ request: JSONValue) throws(BehaviourFault) -> JSONValue

    /// Changes how it behaves until the next reset; answers its settings as they are now.
    func configure(_ request: JSONValue) throws(BehaviourFault) -> JSONValue
}
