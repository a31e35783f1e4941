using RlhfV.Training.Optimization;
using RlhfV.Training.Runs;
using static TorchSharp.torch;

namespace RlhfV.Training.Loop;

/// <summary>Remembers the weights of the epoch with the lowest validation loss, on disk when the run has a folder.</summary>
internal sealed class BestWeights(FlatParameters parameters, RunFolder? folder) : IDisposable
{
    private Tensor? _values;

    /// <summary>The step with the lowest loss so far; null before the first validation.</summary>
    public long? Step { get; private set; }

    /// <summary>That loss.</summary>
    public double? Loss { get; private set; }

    /// <summary>Compares a validation with the best one so far.</summary>
    /// <param name="step">Steps made.</param>
    /// <param name="loss">Validation loss, or null when none was computed.</param>
    public void Offer(long step, double? loss)
    {
        // Not "greater or equal": a loss that is not a number is never the best one.
        if (loss is { } value && (Loss is null || value < Loss))
        {
            (Step, Loss) = (step, value);
            Keep();
        }
    }

    /// <summary>Continues from a stored run.</summary>
    public void Resume(long? step, double? loss) => (Step, Loss) = (step, loss);

    /// <summary>Puts the best weights into the parameters.</summary>
    public void Restore()
    {
        using IDisposable quiet = no_grad();
        if (_values is not null)
        {
            parameters.Values.copy_(_values);
        }
        else if (Step is { } step)
        {
            folder!.LoadWeights(step, parameters);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _values?.Dispose();

    private void Keep()
    {
        if (folder is not null)
        {
            folder.SaveWeights(Step!.Value, parameters);
            return;
        }

        using IDisposable quiet = no_grad();
        _values?.Dispose();
        _values = parameters.Values.clone().DetachFromDisposeScope();
    }
}
