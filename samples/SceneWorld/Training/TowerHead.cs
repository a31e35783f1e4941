using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace SceneWorld.Training;

/// <summary>
/// Reads the truth off every patch feature: kind, colour, action, count and place of the group that covers the patch, and the setting. It
/// exists only while the tower is trained.
/// </summary>
internal sealed class TowerHead : NamedModule
{
    private readonly (string Name, int Classes)[] _tasks;
    private readonly Linear _linear;

    public TowerHead(long width)
        : base(nameof(TowerHead))
    {
        _tasks =
        [
            ("kind", World.KindCount + 1),
            ("colour", Enum.GetValues<SceneColour>().Length + 1),
            ("action", Enum.GetValues<SceneAction>().Length + 1),
            ("count", 5),
            ("place", 10),
            ("setting", Enum.GetValues<Setting>().Length),
        ];
        _linear = new Linear(width, _tasks.Sum(t => t.Classes), bias: true);
        register_module("linear", _linear);
        using IDisposable mode = no_grad();
        _linear.Weight.zero_();
        _linear.Bias!.zero_();
    }

    /// <summary>Loss and accuracies.</summary>
    /// <param name="features">Patch features, <c>[batch, 49, width]</c>.</param>
    /// <param name="truths">The scenes' truths.</param>
    public (Tensor Loss, IReadOnlyDictionary<string, double> Accuracy) Score(Tensor features, IReadOnlyList<SceneTruth> truths)
    {
        Tensor logits = _linear.call(features).reshape(-1, _tasks.Sum(t => t.Classes));
        long[] kinds = [.. truths.SelectMany(t => t.CellKinds).Select(k => (long)k)];
        Tensor occupied = tensor([.. Enumerable.Range(0, kinds.Length).Where(i => kinds[i] > 0).Select(i => (long)i)]);
        var accuracy = new Dictionary<string, double>();
        Tensor loss = zeros(1);
        long at = 0;
        foreach ((string name, int classes) in _tasks)
        {
            Tensor part = logits.narrow(1, at, classes);
            Tensor labels = tensor(Labels(name, truths));
            if (name is not ("kind" or "setting"))
            {
                (part, labels) = (part.index_select(0, occupied), labels.index_select(0, occupied));
            }

            loss = loss.Plus(nn.functional.cross_entropy(part, labels));
            using (no_grad())
            {
                Tensor right = part.argmax(1).eq(labels).to(ScalarType.Float32);
                accuracy[name] = (name == "kind" ? right.index_select(0, occupied) : right).mean().item<float>();
            }

            at += classes;
        }

        return (loss, accuracy);
    }

    private static long[] Labels(string task, IReadOnlyList<SceneTruth> truths) =>
    [
        .. truths.SelectMany(t => Enumerable.Range(0, t.CellKinds.Count).Select(cell => (long)(task switch
        {
            "kind" => t.CellKinds[cell],
            "colour" => t.CellColours[cell],
            "action" => t.CellActions[cell],
            "count" => t.CellKinds[cell] == 0 ? 0 : t.KindCounts[t.CellKinds[cell] - 1],
            "place" => t.CellKinds[cell] == 0 ? 0 : t.KindPlaces[t.CellKinds[cell] - 1],
            _ => t.SettingIndex,
        }))),
    ];
}
