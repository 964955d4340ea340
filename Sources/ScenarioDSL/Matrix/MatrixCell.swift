package import PureJSON

/// One combination of the matrix's values.
package struct MatrixCell: Sendable, Hashable {
    /// A value along one dimension.
    package struct Coordinate: Sendable, Hashable {
        /// The dimension's name.
        package var dimension: String
        /// What reports call the value: itself, or the `id` of a mapping, or its number from 1.
        package var label: String
        /// The value.
        package var value: JSONValue
    }

    /// The values, in the order of the matrix; none when there is no matrix.
    package var coordinates: [Coordinate]

    /// Makes a cell.
    package init(coordinates: [Coordinate]) { self.coordinates = coordinates }

    /// The name in reports and for `--cell`, such as `signal=TERM,point=half-way`; empty when there is no matrix.
    package var id: String { coordinates.map { "\($0.dimension)=\($0.label)" }.joined(separator: ",") }
}
