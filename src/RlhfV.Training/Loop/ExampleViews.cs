using RlhfV.Training.Augmentation;
using RlhfV.Training.Examples;

namespace RlhfV.Training.Loop;

/// <summary>The examples of a run under every view of their pictures that some epoch shows.</summary>
/// <typeparam name="T">An encoded example.</typeparam>
internal sealed class ExampleViews<T>
    where T : class
{
    private readonly IReadOnlyList<T> _plain;
    private readonly T[][] _shown;
    private readonly T[]? _another;
    private readonly bool _showsPlain;

    /// <summary>Makes the views.</summary>
    /// <param name="examples">The examples with their pictures as they are.</param>
    /// <param name="options">The augmentation, the seed, the length of the run.</param>
    /// <param name="see">An example with its pictures replaced.</param>
    public ExampleViews(IReadOnlyList<T> examples, TrainingOptions options, Func<T, Func<ExamplePicture, ExamplePicture>, T> see)
    {
        (_plain, _shown) = (examples, []);
        _showsPlain = options.Augmentation is null || options.ValidationShare > 0;
        if (options.Augmentation is { } augmentation)
        {
            var augmenter = new PictureAugmenter(augmentation, options.Seed);
            T[] View(int view) => [.. examples.Select(example => see(example, picture => picture.See(augmenter, view)))];
            int count = CountOf(options, examples.Count);
            _shown = [.. Enumerable.Range(0, count).Select(View)];
            _another = augmentation.Reference == ReferenceView.AnotherView ? View(count) : null;
        }
    }

    /// <summary>The examples whose reference log-probabilities are needed; each once.</summary>
    public IReadOnlyList<T> References =>
    [
        .. _showsPlain ? _plain : [],
        .. _another ?? _shown.SelectMany(view => view),
    ];

    /// <summary>Examples, as epochs show them, that have the reference log-probabilities of another one.</summary>
    public IEnumerable<(T Example, T Reference)> Borrowed =>
        _another is null ? [] : _shown.SelectMany(view => view.Zip(_another));

    /// <summary>How many views of every picture a run has; 0 without augmentation.</summary>
    public static int CountOf(TrainingOptions options, int examples)
    {
        if (options.Augmentation is not { } augmentation)
        {
            return 0;
        }

        var batches = new BatchPlan(examples, options.BatchSize, options.Seed, options.ValidationShare);
        long epochs = options.MaxSteps is { } steps ? (steps + batches.StepsPerEpoch - 1) / batches.StepsPerEpoch : options.Epochs;
        return (int)Math.Min(augmentation.Views ?? epochs, epochs);
    }

    /// <summary>An example as an epoch shows it.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="epoch">The epoch from 0; null for its pictures as they are.</param>
    public T At(int index, long? epoch) => epoch is { } e && _shown.Length > 0 ? _shown[e % _shown.Length][index] : _plain[index];
}
