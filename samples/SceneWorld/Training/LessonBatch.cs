using RlhfV.Models;
using RlhfV.Models.Images;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace SceneWorld.Training;

/// <summary>
/// Several lessons on each picture in one sequence: the picture's tokens come once, every lesson sees them and itself but no other lesson,
/// and its positions go on where the picture's end.
/// </summary>
internal sealed class LessonBatch
{
    private readonly long[] _ids, _positions, _segments, _predictors, _targets;
    private readonly int _rows, _length;

    private LessonBatch(IReadOnlyList<Scene> scenes, ProcessedImage[] images, IReadOnlyList<EncodedAnswer[]> lessons)
    {
        (Scenes, Images) = (scenes, images);
        _rows = lessons.Count;
        int[] shared = [.. lessons.Select(SharedLength)];
        _length = Enumerable.Range(0, _rows).Max(r => shared[r] + lessons[r].Sum(l => l.PromptIds.Count + l.AnswerIds.Count - shared[r]));
        _ids = new long[_rows * _length];
        _positions = new long[_ids.Length];
        _segments = new long[_ids.Length];
        Array.Fill(_segments, -1);
        var predictors = new List<long>();
        var targets = new List<long>();
        for (int row = 0; row < _rows; row++)
        {
            int at = row * _length;
            for (int i = 0; i < shared[row]; i++, at++)
            {
                (_ids[at], _positions[at], _segments[at]) = (lessons[row][0].PromptIds[i], i, 0);
            }

            for (int lesson = 0; lesson < lessons[row].Length; lesson++)
            {
                EncodedAnswer encoded = lessons[row][lesson];
                int[] own = [.. encoded.PromptIds.Skip(shared[row]), .. encoded.AnswerIds];
                int answerAt = encoded.PromptIds.Count - shared[row];
                for (int i = 0; i < own.Length; i++, at++)
                {
                    (_ids[at], _positions[at], _segments[at]) = (own[i], shared[row] + i, lesson + 1);
                    if (i >= answerAt)
                    {
                        predictors.Add(at - 1);
                        targets.Add(own[i]);
                    }
                }
            }
        }

        (_predictors, _targets) = ([.. predictors], [.. targets]);
    }

    /// <summary>The scenes, one per row.</summary>
    public IReadOnlyList<Scene> Scenes { get; }

    /// <summary>The pictures, one per row.</summary>
    public ProcessedImage[] Images { get; }

    /// <summary>Token ids, row after row.</summary>
    public ReadOnlySpan<long> Ids => _ids;

    /// <summary>Draws scenes and encodes their lessons.</summary>
    /// <param name="scenes">The scenes.</param>
    /// <param name="lessons">The lessons of a scene, at least one.</param>
    /// <param name="processor">The model's processor.</param>
    public static LessonBatch Make(IReadOnlyList<Scene> scenes, Func<Scene, IReadOnlyList<Lesson>> lessons, VisionLanguageProcessor processor)
    {
        ProcessedImage[] images = SceneBatch.Draw(scenes, processor.ImageProcessor);
        ImageSource stand = ImageSource.FromRgb(new RgbImage(1, 1, [0, 0, 0]));
        return new LessonBatch(scenes, images, [.. scenes.Select((scene, i) => (EncodedAnswer[])
            [.. lessons(scene).Select(l => processor.EncodeAnswer(Prompt.Ask(l.Prompt, stand), l.Answer, [images[i]]))])]);
    }

    /// <summary>Mean negative log-likelihood of the answers' tokens, in nats.</summary>
    /// <param name="network">The model; its tower is not trained.</param>
    /// <param name="projected">The connector's output, for a loss of its own.</param>
    /// <param name="observe">Given the decoder's state after each number of layers, <c>[rows, tokens, hidden]</c>.</param>
    public Tensor Loss(VisionLanguageNetwork network, out Tensor projected, Action<int, Tensor>? observe = null)
    {
        Tensor features;
        using (no_grad())
        {
            features = network.EncodeImages(PixelTensor.Stack(Images, CPU), Images[0].Grid);
        }

        projected = network.ProjectImages(features);
        Tensor embedded = network.Embed(tensor(_ids, [_rows, _length]), projected);
        Tensor hidden = network.Decode(embedded, tensor(_positions, [_rows, _length]), Mask(), observe: observe);
        Tensor rows = hidden.reshape(_rows * _length, -1).index_select(0, tensor(_predictors));
        return nn.functional.cross_entropy(network.Head(rows), tensor(_targets));
    }

    private static int SharedLength(EncodedAnswer[] lessons)
    {
        int shared = lessons.Min(l => l.PromptIds.Count) - 1;
        for (int i = 0; i < shared; i++)
        {
            if (lessons.Any(l => l.PromptIds[i] != lessons[0].PromptIds[i]))
            {
                return i;
            }
        }

        return shared;
    }

    private Tensor Mask()
    {
        using var scope = NewDisposeScope();
        Tensor segments = tensor(_segments, [_rows, 1, _length]);
        Tensor same = segments.unsqueeze(-1).eq(segments.unsqueeze(-2));                         // [rows, 1, t, t]
        Tensor open = same.logical_or(segments.EqualTo(0).unsqueeze(-2)).tril();
        return zeros(_rows, 1, _length, _length).Filled(open.logical_not(), float.NegativeInfinity).MoveToOuterDisposeScope();
    }
}
