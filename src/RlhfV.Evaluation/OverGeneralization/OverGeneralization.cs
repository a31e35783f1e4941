using System.Text;

namespace RlhfV.Evaluation;

/// <summary>
/// Hallucination from over-generalisation (RLHF-V, CVPR 2024, table 2): does a model imagine what usually goes with a scene more often in
/// pictures of that scene? The paper publishes no code; this follows its definition.
/// </summary>
public static class OverGeneralization
{
    private const int ObjectsPerScene = 10;

    /// <summary>The paper's scenes.</summary>
    public static IReadOnlyList<string> Scenes { get; } = ["living room", "kitchen", "bathroom", "street"];

    /// <summary>Compares rates in each scene with those everywhere.</summary>
    /// <param name="images">The pictures: their captions tell the scene, their objects what goes with it.</param>
    /// <param name="responses">The responses.</param>
    /// <param name="scenes">The scenes' names as captions use them; null for <see cref="Scenes"/>.</param>
    /// <param name="vocabulary">Settles ties between equally frequent classes by its order; null for COCO's.</param>
    /// <exception cref="ArgumentException">A scene has no name.</exception>
    public static OverGeneralizationResult Score(
        IReadOnlyList<SceneImage> images, IReadOnlyList<SceneResponse> responses, IReadOnlyList<string>? scenes = null,
        ObjectVocabulary? vocabulary = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(responses);
        if (scenes?.Any(string.IsNullOrWhiteSpace) is true)
        {
            throw new ArgumentException("A scene has no name, and every caption would have it.", nameof(scenes));
        }

        Dictionary<string, int> order = (vocabulary ?? ObjectVocabulary.Coco).Classes.Index()
            .ToDictionary(c => c.Item, c => c.Index, StringComparer.Ordinal);
        var known = images.Select(image => image.Id).ToHashSet(StringComparer.Ordinal);
        EvaluationDiagnostic[] diagnostics =
        [
            .. responses.Where(response => !known.Contains(response.ImageId)).Select(response => new EvaluationDiagnostic(
                DiagnosticCode.MissingTruth, response.ImageId,
                "There is no such picture; the response belongs to no scene and counts only everywhere.")),
        ];
        SceneResult[] results = [.. (scenes ?? Scenes).Select(scene => Scene(scene, images, responses, order))];
        return new(results, [.. diagnostics, .. Repeated(responses), .. results.Where(scene => double.IsNaN(scene.Delta)).Select(Absent)]);
    }

    private static IEnumerable<EvaluationDiagnostic> Repeated(IReadOnlyList<SceneResponse> responses) =>
        responses.CountBy(response => response.ImageId).Where(count => count.Value > 1).Select(count => new EvaluationDiagnostic(
            DiagnosticCode.DuplicateAnswer, count.Key, $"The picture has {count.Value} responses; each of them counts."));

    private static EvaluationDiagnostic Absent(SceneResult scene) => new(
        DiagnosticCode.FigureAbsent, scene.Scene,
        scene.Images.Count == 0
            ? "There is no rate for the scene: no picture's captions name it."
            : "There is no rate for the scene: no response to its pictures names one of its objects.");

    /// <summary>True when the text has the name as a phrase: in any case, with no letter before or behind it.</summary>
    internal static bool Names(string text, string name)
    {
        for (int at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0;
            at = text.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            _ = Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out Rune before, out _);
            _ = Rune.DecodeFromUtf16(text.AsSpan(at + name.Length), out Rune behind, out _);
            if (!Rune.IsLetter(before) && !Rune.IsLetter(behind)) // U+FFFD, which is none, at the ends of the text.
            {
                return true;
            }
        }

        return false;
    }

    private static SceneResult Scene(
        string scene, IReadOnlyList<SceneImage> images, IReadOnlyList<SceneResponse> responses, Dictionary<string, int> order)
    {
        SceneImage[] inScene = [.. images.Where(image => image.Captions.Any(caption => Names(caption, scene)))];
        KeyValuePair<string, int>[] objects =
        [
            .. inScene.SelectMany(image => image.Objects.Distinct(StringComparer.Ordinal))
                .CountBy(name => name, StringComparer.Ordinal)
                .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => order.GetValueOrDefault(pair.Key, int.MaxValue))
                .ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Take(ObjectsPerScene),
        ];
        string[] names = [.. objects.Select(pair => pair.Key)];
        var ids = inScene.Select(image => image.Id).ToHashSet(StringComparer.Ordinal);
        return new(
            scene, [.. inScene.Select(image => image.Id)], objects, Rates(responses, names),
            Rates([.. responses.Where(r => ids.Contains(r.ImageId))], names));
    }

    private static SceneRates Rates(IReadOnlyList<SceneResponse> responses, string[] objects)
    {
        double[] perObject =
        [
            .. objects.Select(name => (
                    Mentioned: responses.Count(r => r.Mentioned.Contains(name)),
                    Wrong: responses.Count(r => r.Hallucinated.Contains(name))))
                .Where(counts => counts.Mentioned > 0)
                .Select(counts => (double)counts.Wrong / counts.Mentioned),
        ];
        return new()
        {
            Responses = responses.Count,
            Mentioning = responses.Count(response => response.Mentioned.Overlaps(objects)),
            Hallucinating = responses.Count(response => response.Hallucinated.Overlaps(objects)),
            ObjectsMentioned = perObject.Length,
            RatePerObject = perObject.DefaultIfEmpty(double.NaN).Average(),
        };
    }
}
