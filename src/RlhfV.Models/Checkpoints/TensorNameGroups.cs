using System.Globalization;

namespace RlhfV.Models.Checkpoints;

/// <summary>
/// Makes long lists of tensor names readable: names that differ in one number, which are those of a network's layers, become one line. A model of seven
/// billion parameters has 700 names, and twenty kinds of them.
/// </summary>
internal static class TensorNameGroups
{
    private const int MostGroups = 20;
    private const int MostRuns = 4;
    private const int LongestName = 200;

    /// <summary>Describes items by their names.</summary>
    /// <param name="items">The items.</param>
    /// <param name="nameOf">An item's name.</param>
    /// <param name="kindOf">What besides the name items of one group have in common.</param>
    /// <param name="describe">Writes a group: what its names have in common, and its items.</param>
    /// <returns>At most <c>20</c> descriptions, and the number of what they leave out, in the order in which the items come.</returns>
    public static string Describe<T>(
        IEnumerable<T> items, Func<T, string> nameOf, Func<T, string> kindOf, Func<string, IReadOnlyList<T>, string> describe)
    {
        T[][] groups = [.. items.GroupBy(item => (Pattern(nameOf(item)), kindOf(item))).Select(group => group.ToArray())];
        IEnumerable<string> lines = groups.Take(MostGroups).Select(group =>
        {
            string name = Common([.. group.Select(nameOf)]);
            return describe(group.Length == 1 ? name : $"{name} ({group.Length})", group);
        });
        int left = groups.Skip(MostGroups).Sum(group => group.Length);
        return string.Join("; ", left == 0 ? lines : lines.Append(string.Create(CultureInfo.InvariantCulture, $"and {left:N0} more")));
    }

    private static string Pattern(string name) => string.Join('.', name.Split('.').Select(part => IsNumber(part) ? "0" : part));

    private static bool IsNumber(string part) => part.Length is > 0 and < 10 && part.All(char.IsAsciiDigit);

    /// <summary>Names of one pattern as one: <c>layers.{0..31}.weight</c>.</summary>
    private static string Common(string[] names)
    {
        string[][] parts = [.. names.Select(name => name.Split('.'))];
        int[] differing = [.. Enumerable.Range(0, parts[0].Length).Where(i => parts.Any(other => other[i] != parts[0][i]))];
        string[] common = [.. parts[0]];
        foreach (int i in differing)
        {
            common[i] = differing.Length == 1 ? Runs(parts.Select(other => int.Parse(other[i], CultureInfo.InvariantCulture))) : "*";
        }

        string text = string.Join('.', common);
        return text.Length <= LongestName ? text : text[..LongestName] + "..";
    }

    private static string Runs(IEnumerable<int> numbers)
    {
        var runs = new List<(int First, int Last)>();
        foreach (int number in numbers.Distinct().Order())
        {
            if (runs.Count > 0 && runs[^1].Last == number - 1)
            {
                runs[^1] = (runs[^1].First, number);
            }
            else
            {
                runs.Add((number, number));
            }
        }

        return runs.Count > MostRuns
            ? "*"
            : $"{{{string.Join(',', runs.Select(run => run.First == run.Last ? $"{run.First}" : $"{run.First}..{run.Last}"))}}}";
    }
}
