namespace SceneWorld.Training;

/// <summary>Linear warm-up, then a cosine down to a tenth.</summary>
public static class LearningRate
{
    /// <summary>The learning rate of a step.</summary>
    /// <param name="peak">Largest rate.</param>
    /// <param name="step">Step, from 0.</param>
    /// <param name="total">Number of steps.</param>
    /// <param name="warmUp">Steps of the warm-up.</param>
    public static double At(double peak, long step, long total, long warmUp)
    {
        if (step < warmUp)
        {
            return peak * (step + 1) / warmUp;
        }

        double share = (double)(step - warmUp) / Math.Max(1, total - warmUp);
        return peak * (0.1 + 0.45 * (1 + Math.Cos(Math.PI * Math.Min(1, share))));
    }
}
