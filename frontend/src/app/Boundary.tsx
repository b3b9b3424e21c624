import { Component, type ReactNode } from 'react'
import { ErrorState } from '../ui/ErrorState'

interface BoundaryProps {
  /** Where one is: going elsewhere forgets what broke. */
  at: string
  children: ReactNode
}

/**
 * A room that breaks does not take the house with it. Most often it is a part of the app that could not be loaded,
 * because the server was renewed meanwhile: loading the page again brings the new one.
 */
export class Boundary extends Component<BoundaryProps, { error: unknown }> {
  override state = { error: null as unknown }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override componentDidUpdate(before: BoundaryProps) {
    if (before.at !== this.props.at && this.state.error !== null) this.setState({ error: null })
  }

  override render() {
    if (this.state.error === null) return this.props.children
    return (
      <ErrorState
        title="This page broke"
        error={this.state.error}
        onRetry={() => {
          window.location.reload()
        }}
      />
    )
  }
}
