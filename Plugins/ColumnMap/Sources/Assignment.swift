/// Pairs rows with columns so that the sum of gains is largest; leaving a row alone is a choice.
enum Assignment {
    /// The column of each row, or nil where no column is worth it.
    ///
    /// The Hungarian algorithm with potentials, O(rows² × columns).
    ///
    /// - Parameters:
    ///   - gains: One line per row with the gain of each column; only gains above 0 are taken.
    ///   - columns: How many columns there are.
    /// - Returns: For each row the index of its column.
    static func best(_ gains: [[Double]], columns: Int) -> [Int?] {
        let rows = gains.count
        guard rows > 0 else { return [] }
        // Each row has one more column of its own, with gain 0: "none".
        let width = columns + rows
        func cost(_ row: Int, _ column: Int) -> Double {
            if column < columns { return -max(0, gains[row][column]) }
            return column - columns == row ? 0 : 1e6
        }
        var rowPotential = [Double](repeating: 0, count: rows + 1)
        var columnPotential = [Double](repeating: 0, count: width + 1)
        var rowOfColumn = [Int](repeating: 0, count: width + 1)
        for row in 1...rows {
            rowOfColumn[0] = row
            var column = 0
            var slack = [Double](repeating: .infinity, count: width + 1)
            var way = [Int](repeating: 0, count: width + 1)
            var isUsed = [Bool](repeating: false, count: width + 1)
            repeat {
                isUsed[column] = true
                let current = rowOfColumn[column]
                var delta = Double.infinity
                var next = 0
                for candidate in 1...width where !isUsed[candidate] {
                    let reduced =
                        cost(current - 1, candidate - 1) - rowPotential[current] - columnPotential[candidate]
                    if reduced < slack[candidate] {
                        slack[candidate] = reduced
                        way[candidate] = column
                    }
                    if slack[candidate] < delta {
                        delta = slack[candidate]
                        next = candidate
                    }
                }
                for candidate in 0...width {
                    if isUsed[candidate] {
                        rowPotential[rowOfColumn[candidate]] += delta
                        columnPotential[candidate] -= delta
                    } else {
                        slack[candidate] -= delta
                    }
                }
                column = next
            } while rowOfColumn[column] != 0
            while column != 0 {
                rowOfColumn[column] = rowOfColumn[way[column]]
                column = way[column]
            }
        }
        var found = [Int?](repeating: nil, count: rows)
        for column in 1...width where rowOfColumn[column] > 0 && column <= columns {
            let row = rowOfColumn[column] - 1
            if gains[row][column - 1] > 0 { found[row] = column - 1 }
        }
        return found
    }
}
