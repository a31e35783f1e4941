namespace SceneWorld;

/// <summary>
/// Gives each group of a scene its place: two columns of one to three rows, so that every relation between two groups is clear.
/// </summary>
internal static class ScenePlacement
{
    private const double OneColumn = 0.3;

    /// <summary>Sets the place of every group.</summary>
    /// <param name="groups">Two to five groups; replaced in place.</param>
    /// <param name="usualRow">Probability that a column is ordered as is usual for its kinds.</param>
    /// <param name="random">Where chance comes from.</param>
    public static void Assign(ObjectGroup[] groups, double usualRow, SceneRandom random)
    {
        int left = groups.Length switch
        {
            2 => random.Chance(OneColumn) ? random.Pick(0, 2) : 1,
            3 => random.Pick(1, 2),
            4 => 2,
            _ => random.Pick(2, 3),
        };

        // A column of three has low rows: it gets the groups with the fewest objects, so that none is drawn too small.
        bool crowded = Math.Max(left, groups.Length - left) == 3;
        ObjectGroup[] ordered = crowded ? [.. groups.OrderBy(group => group.Count)] : groups;
        bool crowdedLeft = left == 3;
        ObjectGroup[] leftGroups = crowded && !crowdedLeft ? ordered[^left..] : ordered[..left];
        ObjectGroup[] rightGroups = crowded && !crowdedLeft ? ordered[..^left] : ordered[left..];

        int next = 0;
        foreach (ObjectGroup group in Column(leftGroups, SceneColumn.Left, usualRow, random))
        {
            groups[next++] = group;
        }

        foreach (ObjectGroup group in Column(rightGroups, SceneColumn.Right, usualRow, random))
        {
            groups[next++] = group;
        }
    }

    private static ObjectGroup[] Column(ObjectGroup[] groups, SceneColumn column, double usualRow, SceneRandom random)
    {
        ObjectGroup[] ordered = [.. groups];
        random.Shuffle<ObjectGroup>(ordered);
        if (random.Chance(usualRow))
        {
            ordered = [.. ordered.OrderBy(group => World.FactsOf(group.Kind).Row)];
        }

        for (int i = 0; i < ordered.Length; i++)
        {
            SceneRow row = ordered.Length switch
            {
                1 => (SceneRow)random.Next(3),
                2 => i == 0 ? SceneRow.Top : SceneRow.Bottom,
                _ => (SceneRow)i,
            };
            ordered[i] = ordered[i] with { Place = new Place(column, row) };
        }

        return ordered;
    }
}
